"""A sale and its refund reach the report of the organisation, and it says what the ledger says, through Envoy and every service."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.auth.commands import roles_in
from samovar.services.auth.roles.domain import Wanted
from samovar.testing.platform import Platform
from tests.journeys.market import Market
from tests.journeys.test_publishing import inside, somebody

PRICE = 129_900
WITHIN_S = 60.0


@pytest.fixture
def market(platform: Platform) -> Market:
    return Market(platform)


async def test_a_report_says_what_was_earned(market: Market) -> None:
    platform = market.platform
    good, accountant = await market.good(PRICE), await somebody(platform)
    async with inside(platform, "catalog") as database:
        organisation_id: UUID = await database.fetch_value(
            "SELECT organisation_id FROM apps WHERE id = $1", good.app_id
        )
    place = Wanted(role="developer", organisation_id=organisation_id, level="finance")
    async with inside(platform, "auth") as database:
        await roles_in(database, phone_region="RU").grant(accountant.email, place, reason="test")
    await accountant.refresh()
    orders = []
    for _ in range(2):
        buyer = await market.buyer(wallet=PRICE)
        placed = await market.order(buyer, (await market.quote(buyer, good)).body)
        assert placed.body["status"] == "paid", placed.body
        orders.append((buyer, placed.body))
    path = f"/v1/dev/apps/{good.app_id}/reports/sales?by=country"

    seen: list[Any] = []

    async def counts(units: int, refunded: int) -> bool:
        shown = await accountant.ask("GET", path)
        # Whoever asks this often is told to wait now and then.
        assert shown.status in {200, 429}, shown.body
        if shown.status == 429:
            return False
        seen[:] = shown.body["rows"]
        found = [(row["units"], row["refunded_units"]) for row in shown.body["totals"]]
        return bool(found == [(units, refunded)])

    await platform.until(lambda: counts(2, 0), within_s=WITHIN_S)
    buyer, order = orders[0]
    back = await platform.request(
        "POST",
        f"/v1/orders/{order['id']}/refunds",
        token=buyer.token,
        json={"reason": "не понравилось"},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert back.status in {200, 201, 202}, back.body
    await platform.until(lambda: counts(2, 1), within_s=WITHIN_S)

    [row] = seen
    [earned] = (await accountant.ask("GET", f"/v1/dev/earnings?organisation_id={organisation_id}")).body
    assert (row["country"], row["currency"], row["gross"], row["refunds"]) == ("RU", "RUB", 2 * PRICE, PRICE)
    assert row["gross"] == earned["gross"]
    for name, ours in (("tax", "tax"), ("commission", "commission"), ("developer", "net")):
        assert row[ours] == earned[name] - earned[f"refunded_{name}"], name
    payouts = await accountant.ask("GET", f"/v1/dev/payouts?organisation_id={organisation_id}")
    assert (payouts.status, payouts.body["items"]) == (200, [])
