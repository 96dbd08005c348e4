"""L7: any order, repetition or loss of what providers tell ends in the same state, with one effect in the ledger."""

import random

import pytest

from samovar.kit.database import Database
from samovar.services.payment.ledger.domain import Kind
from samovar.services.payment.payments import refunding
from samovar.services.payment.payments.domain import PaymentStatus
from samovar.services.payment.payments.invariants import faults
from samovar.services.payment.payments.settling.capturing import return_id
from samovar.services.payment.providers.port import PayMethod
from tests.services.payment.payments.desk import Desk, Till
from tests.services.payment.payments.test_webhooks import Office, told

PAYMENTS = 12
Ending = tuple[PaymentStatus, int, int, int]


class Player:
    """What happens to one payment, and what is told of it, as chance has it."""

    def __init__(self, office: Office, chance: random.Random) -> None:
        self.office = office
        self.chance = chance
        self.wants_back = chance.random() < 0.3
        self.is_closed = chance.random() < 0.3
        self.method: PayMethod = chance.choice(["sbp", "card"])

    async def run(self) -> None:
        """Pay, and let everything be told and asked in any order."""
        till, desk = self.office.till, self.office.till.desks[0]
        desk.losses.extend(self.chance.sample(["create", "get", "capture"], self.chance.randint(0, 2)))
        self.payment_id = await till.start(method=self.method)
        await till.driver.advance(self.payment_id)
        await till.settle(3)
        desk.losses.clear()
        remote_id = desk.pay(income=960)
        if self.is_closed:
            till.orders.open.clear()
        names = ["payment.waiting_for_capture", "payment.succeeded", "payment.canceled", "refund.succeeded"]
        bodies = [told(remote_id, name, ours=self.payment_id) for name in names[:3]]
        bodies += self.chance.choices(bodies, k=self.chance.randint(0, 4))
        self.chance.shuffle(bodies)
        for body in bodies[: self.chance.randint(0, len(bodies))]:
            if self.chance.random() < 0.3:
                desk.losses.append(self.chance.choice(["get", "capture"]))
            await self.office.hear(body)
            if self.chance.random() < 0.5:
                await self.office.inbox.tick()
            if self.chance.random() < 0.3:
                await till.settle(1)
        await till.settle(8)
        desk.losses.clear()
        await self._send_back()
        await till.settle(30)
        await self.office.inbox.tick()

    async def _send_back(self) -> None:
        till = self.office.till
        row = await till.row(self.payment_id)
        if not self.wants_back or row.state != "captured" or row.failure_code:
            return
        till.desks[0].refund_outcomes.extend(self.chance.choices(["lost", "pending", "unreached"], k=2))
        for _ in range(2):
            async with till.database.transaction() as tx:
                await refunding.refund(
                    tx,
                    payment_id=row.id,
                    refund_id=return_id(row.id),
                    amount=row.money,
                    now=till.clock.now(),
                )

    def ending(self) -> Ending:
        """Return how it must end: state, captured, refunded, under way."""
        if not self.is_closed:
            return ("captured", 1_000, 1_000 if self.wants_back else 0, 0)
        # What was held was let go, or, had it been taken before the order closed, has gone back.
        return ("canceled", 0, 0, 0) if self.method == "card" else ("captured", 1_000, 1_000, 0)


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_of_events_has_one_ending(own_database: Database, seed: int) -> None:
    chance = random.Random(seed)
    office = Office(Till(own_database, Desk("yookassa")))
    players = [Player(office, chance) for _ in range(PAYMENTS)]
    for player in players:
        await player.run()
        row = await office.till.row(player.payment_id)
        assert (row.state, row.captured, row.refunded, row.refund_pending) == player.ending()
        assert row.next_check_at is None
    paid = [player for player in players if not player.is_closed]
    assert await office.till.posted(Kind.PREPAID) == 1_000 * len(paid)
    twice = await own_database.fetch_value(
        """
        SELECT count(*) FROM (
            SELECT cause_id, code FROM ledger_transfers GROUP BY cause_id, code HAVING count(*) > 1
        ) AS repeated
        """
    )
    assert twice == 0
    assert len(office.till.desks[0].payments) == PAYMENTS
    # The refunds of this till post nothing, so clearing is not what they leave of it.
    assert [fault for fault in await faults(own_database) if fault.invariant != "L12"] == []
