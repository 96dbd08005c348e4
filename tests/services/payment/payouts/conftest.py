"""The desk of payouts."""

from collections.abc import AsyncIterator

import pytest

from samovar.kit.database import Database
from tests.services.payment.payouts.desk import Desk
from tests.services.payment.payouts.outside import Outside


@pytest.fixture
async def desk(own_database: Database) -> AsyncIterator[Desk]:
    """Return a desk with a bank and a tax service of its own."""
    outside = Outside()
    await outside.start()
    made = Desk(own_database, outside)
    yield made
    await made.web.close()
    await outside.stop()
