"""Contents in the store: written before they are referred to, deleted when nothing has referred to them for a day."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.library.licences.use_cases import Licences
from samovar.services.library.saves.files import SaveStore
from samovar.services.library.saves.use_cases import Saves, SaveWaste, Wish
from samovar.testing.clock import FakeClock
from tests.services.library.licences.grants import wanted


def _files(folder: Path) -> list[bytes]:
    return sorted(one.read_bytes() for one in folder.rglob("*") if one.is_file())


async def test_a_content_goes_a_day_after_its_last_version(own_database: Database, tmp_path: Path) -> None:
    clock = FakeClock()
    store = SaveStore(str(tmp_path))
    saves = Saves(own_database, store=store, clock=clock, new_id=new_id)
    waste = SaveWaste(own_database, store=store, clock=clock)
    game = new_id()
    people = [uuid4(), uuid4()]
    for person in people:
        await Licences(own_database, clock=clock, new_id=new_id).grant(
            wanted(account_id=person, app_ids=(game,))
        )
        await saves.put(person, game, "a", b"alike", Wish(device_id="pc", if_none_match="*"))
    await saves.put(people[0], game, "b", b"other", Wish(device_id="pc", if_none_match="*"))
    assert _files(tmp_path) == [b"alike", b"other"]
    async with own_database.transaction() as tx:
        await tx.execute("DELETE FROM save_files WHERE account_id = $1", people[0])
    await waste.delete_all()
    assert _files(tmp_path) == [b"alike", b"other"]
    clock.advance(timedelta(days=1, seconds=1).total_seconds())
    await waste.delete_all()
    assert _files(tmp_path) == [b"alike"]
    assert await own_database.fetch_value("SELECT count(*) FROM save_blobs") == 1
    await saves.put(people[0], game, "b", b"other", Wish(device_id="pc", if_none_match="*"))
    assert _files(tmp_path) == [b"alike", b"other"]
