"""Contents in the store: written before they are referred to, deleted when nothing has referred to them for a day."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.library.errors import GameNotFound
from samovar.services.library.family.use_cases import FamilyMembers
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


async def test_who_borrows_a_game_has_saves_of_their_own(own_database: Database, tmp_path: Path) -> None:
    clock, game, owner, child = FakeClock(), new_id(), uuid4(), uuid4()
    saves = Saves(own_database, store=SaveStore(str(tmp_path)), clock=clock, new_id=new_id)
    members, family = FamilyMembers(), new_id()
    await Licences(own_database, clock=clock, new_id=new_id).grant(wanted(account_id=owner, app_ids=(game,)))
    first = Wish(device_id="pc", if_none_match="*")
    with pytest.raises(GameNotFound):
        await saves.put(child, game, "a", b"of the child", first)
    async with own_database.transaction() as tx:
        for person, version in ((owner, 1), (child, 2)):
            await members.put(tx, family, person, version=version, is_member=True)
    mine = await saves.put(child, game, "a", b"of the child", first)
    await saves.put(owner, game, "a", b"of the owner", first)
    for person, content in ((child, b"of the child"), (owner, b"of the owner")):
        found = await saves.find(person, game, "a", None)
        assert (await saves.read(found, None)).data == content
    async with own_database.transaction() as tx:
        await members.put(tx, family, child, version=3, is_member=False)
    with pytest.raises(GameNotFound):
        await saves.put(child, game, "a", b"later", Wish(device_id="pc", if_match=str(mine.version_id)))
    # What was saved may be read, and is there when the game is.
    assert (await saves.find(child, game, "a", None)).version_id == mine.version_id
