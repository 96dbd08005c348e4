"""What library holds of people: each table is known, play goes with the person, a redeemed key forgets who redeemed it."""

from samovar.kit.database import Database
from samovar.kit.personal_data.declaration import Holding
from samovar.services.library.holdings import HOLDINGS


async def test_every_table_that_names_people_says_what_becomes_of_it(own_database: Database) -> None:
    holding = await Holding.read(own_database, HOLDINGS)
    deleted = {table.name for table in holding.tables if table.is_deleted}
    assert {"play_sessions", "played_spans", "library_entries", "family_members"} <= deleted
    assert {table.name for table in holding.tables} - deleted == {"activation_keys", "key_batches"}
