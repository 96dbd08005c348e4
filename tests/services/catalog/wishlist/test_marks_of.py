"""What somebody has to do with apps and creators, told in one query."""

from uuid import uuid4

from samovar.kit.database import Database
from samovar.services.catalog.wishlist import marks_of


async def test_somebody_new_has_no_marks(own_database: Database) -> None:
    assert await marks_of.of(own_database, uuid4()) == marks_of.NOBODY


async def test_marks_are_ones_own(own_database: Database) -> None:
    account_id, app_id = uuid4(), uuid4()
    async with own_database.transaction() as tx:
        await tx.execute("INSERT INTO owned_apps VALUES ($1, $2, now())", account_id, app_id)
        await tx.execute("INSERT INTO owned_apps VALUES ($1, $2, now())", uuid4(), uuid4())
    assert (await marks_of.of(own_database, account_id)).owned == {app_id}
