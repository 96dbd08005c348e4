"""By the prices of which country somebody buys: never by what their client says, where anything else is known."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.services.payment.asking import repository, residence
from samovar.services.payment.asking.residence import HELD, Residences
from samovar.testing.clock import FakeClock
from tests.services.payment.market import Market, faults, of

NOW = datetime(2026, 11, 27, tzinfo=UTC)


class Town:
    """Residences at a time of their own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW

    @property
    def residences(self) -> Residences:
        return Residences(self.database, default_country="RU", clock=FakeClock(self.now))

    async def move(self, account_id: UUID, country: str | None, version: int) -> None:
        async with self.database.transaction() as tx:
            await repository.upsert_residence(tx, account_id, country, version)

    async def pay(self, account_id: UUID, country: str) -> None:
        async with self.database.transaction() as tx:
            await residence.hold(tx, account_id, country, now=self.now)


@pytest.fixture
def town(own_database: Database) -> Town:
    return Town(own_database)


async def test_a_client_is_believed_while_nothing_is_known(town: Town) -> None:
    buyer = uuid4()
    assert await town.residences.buying(buyer, "KZ") == "KZ"
    assert await town.residences.buying(buyer, None) == "RU"
    await town.move(buyer, None, 1)
    assert await town.residences.buying(buyer, "TR") == "TR"


async def test_a_home_that_was_named_is_not_argued_with(town: Town) -> None:
    buyer = uuid4()
    await town.move(buyer, "RU", 1)
    assert await town.residences.buying(buyer, None) == await town.residences.buying(buyer, "RU") == "RU"
    with pytest.raises(InvalidInput) as refused:
        await town.residences.buying(buyer, "TR")
    assert [(one.field, one.code, one.limit) for one in refused.value.fields] == [
        ("country", "country_held", "RU")
    ]


async def test_whoever_has_paid_changes_the_country_once_in_ninety_days(town: Town) -> None:
    buyer = uuid4()
    await town.move(buyer, "RU", 1)
    await town.pay(buyer, "RU")
    await town.move(buyer, "TR", 2)
    town.now = NOW + timedelta(days=89)
    # A later purchase does not prolong it.
    await town.pay(buyer, "RU")
    assert await town.residences.buying(buyer, None) == "RU"
    town.now = NOW + HELD
    assert await town.residences.buying(buyer, None) == "TR"
    await town.pay(buyer, "TR")
    await town.move(buyer, "AR", 3)
    assert await town.residences.buying(buyer, None) == "TR"


async def test_a_first_purchase_fixes_what_only_the_client_knew(town: Town) -> None:
    buyer = uuid4()
    await town.pay(buyer, "KZ")
    with pytest.raises(InvalidInput):
        await town.residences.buying(buyer, "TR")
    assert await town.residences.buying(buyer, None) == "KZ"


async def test_a_quote_is_of_the_country_of_the_account(market: Market) -> None:
    buyer, game = uuid4(), market.package()
    async with market.database.transaction() as tx:
        await repository.upsert_residence(tx, buyer, "KZ", 1)
    answer = await market.quote(buyer, of(game), country="TR")
    assert (answer.status, faults(answer)) == (422, {"country": "country_held"})
    answer = await market.ask("POST", "/v1/quotes", buyer, json={"items": [of(game)]})
    assert (answer.status, answer.body["country"]) == (201, "KZ")
    assert market.catalog.asked[-1].country == "KZ"
