"""What library holds of people: each table is known, play goes with the person, a redeemed key forgets who redeemed it."""

import gzip
from urllib.parse import quote
from uuid import uuid4

import msgspec
from yarl import URL

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.kit.personal_data.declaration import Holding
from samovar.kit.personal_data.exporting import export
from samovar.services.library.holdings import HOLDINGS
from samovar.services.library.licences.use_cases import Licences
from samovar.testing.hosting import Running
from tests.services.library.licences.grants import wanted


async def test_every_table_that_names_people_says_what_becomes_of_it(own_database: Database) -> None:
    holding = await Holding.read(own_database, HOLDINGS)
    deleted = {table.name for table in holding.tables if table.is_deleted}
    assert {"play_sessions", "played_spans", "library_entries", "family_members"} <= deleted
    assert {table.name for table in holding.tables} - deleted == {"activation_keys", "key_batches"}


async def test_an_export_says_where_the_contents_of_saves_are_fetched(library: Running) -> None:
    me, game, path = uuid4(), new_id(), "слот 1:игра №1 (100%) #+~.sav"
    licences = Licences(library.database, clock=SystemClock(), new_id=new_id)
    await licences.grant(wanted(account_id=me, app_ids=(game,)))
    saves = f"/v1/library/{game}/saves/"
    kept = await library.request(
        "PUT", saves + quote(path, safe=""), account_id=me, data=b"content", headers={"If-None-Match": "*"}
    )
    assert kept.status == 201, kept.body
    document, counts = await export(library.database, HOLDINGS, me, [])
    rows = msgspec.json.decode(gzip.decompress(document))
    assert counts["save_files"] == counts["save_versions"] == 1
    (file,) = rows["save_files"][0]["files"]
    (version,) = file["versions"]
    assert (file["path"], version["is_current"]) == (path, True)
    assert version["content_url"].startswith(saves + quote(path, safe="~"))
    got = await library.request("GET", URL(version["content_url"], encoded=True), account_id=me)
    assert (got.status, got.body) == (200, b"content")
    assert rows["save_versions"][0]["size_bytes"] == len(b"content")
