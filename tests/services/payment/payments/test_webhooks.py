"""What providers tell is kept and acknowledged, and never believed."""

import asyncio
import json
from ipaddress import ip_network
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.settings import Secret
from samovar.services.payment.ledger.domain import Kind
from samovar.services.payment.payments.webhooks import repository as events
from samovar.services.payment.payments.webhooks.domain import EVENTS_MAX, REST, TURN
from samovar.services.payment.payments.webhooks.errors import PaymentUnknown, WebhookMalformed, WebhookRefused
from samovar.services.payment.payments.webhooks.inbox import Inbox
from samovar.services.payment.payments.webhooks.use_cases import Webhooks
from samovar.services.payment.providers.calls import open_session
from samovar.services.payment.providers.tbank import TBank, token_of
from tests.services.payment.payments.desk import Desk, Till

THEIRS = "185.71.76.5"
PASSWORD = Secret("secret")


class Office:
    """The till, with an ear."""

    def __init__(self, till: Till, tbank: TBank | None = None) -> None:
        self.told = told = asyncio.Event()
        self.till = till
        self.webhooks = Webhooks(
            till.database,
            networks=[ip_network("185.71.76.0/27"), ip_network("2a02:5180::/32")],
            tbank=tbank,
            told=told,
            clock=till.clock,
            new_id=uuid4,
        )
        self.inbox = Inbox(
            till.database, driver=till.driver, returns=till.returns, told=told, clock=till.clock
        )

    async def hear(self, body: dict[str, Any], address: str = THEIRS) -> None:
        await self.webhooks.hear_yookassa(json.dumps(body).encode(), address)


@pytest.fixture
def office(own_database: Database) -> Office:
    return Office(Till(own_database, Desk("yookassa")))


def told(remote_id: str, event: str = "payment.succeeded", *, ours: UUID | None = None) -> dict[str, Any]:
    metadata = {"payment_id": str(ours)} if ours else {}
    about = {"id": remote_id, "status": "succeeded", "metadata": metadata}
    return {"type": "notification", "event": event, "object": about}


async def test_what_is_told_is_asked_about(office: Office) -> None:
    payment_id = await office.till.start()
    await office.till.driver.advance(payment_id)
    remote_id = office.till.desks[0].pay()
    await office.hear(told(remote_id))
    assert (await office.till.row(payment_id)).state == "pending"
    assert await office.inbox.tick() == 1
    assert (await office.till.row(payment_id)).state == "captured"
    assert await office.inbox.tick() == 0


async def test_a_lie_moves_nothing(office: Office) -> None:
    payment_id = await office.till.start()
    await office.till.driver.advance(payment_id)
    await office.hear(told("yookassa-1"))
    await office.inbox.tick()
    assert (await office.till.row(payment_id)).state == "pending"
    assert await office.till.posted(Kind.CLEARING, "yookassa") == 0


async def test_the_same_told_again_is_quiet_and_moves_nothing(office: Office) -> None:
    payment_id = await office.till.start()
    await office.till.driver.advance(payment_id)
    remote_id = office.till.desks[0].pay()
    for _ in range(5):
        await office.hear(told(remote_id))
        await office.inbox.tick()
    assert await office.till.posted(Kind.PREPAID) == 1_000
    told_once = "SELECT deliveries FROM provider_events"
    assert await office.till.database.fetch_value(told_once) == 5


async def test_the_truth_after_a_lie_is_asked_about_at_once(office: Office) -> None:
    payment_id = await office.till.start()
    await office.till.driver.advance(payment_id)
    await office.hear(told("yookassa-1"))
    assert await office.inbox.tick() == 1
    remote_id = office.till.desks[0].pay()
    office.told.clear()
    await office.hear(told(remote_id))
    assert office.told.is_set()
    office.till.clock.turn(seconds=1)
    assert await office.inbox.tick() == 1
    assert (await office.till.row(payment_id)).state == "captured"


async def test_the_truth_that_is_told_while_a_lie_is_looked_into_is_not_lost(office: Office) -> None:
    till = office.till
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    await office.hear(told("yookassa-1"))
    now = till.clock.now()
    async with till.database.transaction() as tx:
        (taken,) = await events.take_events(tx, now, now + TURN, 10, rest=REST)
    till.clock.turn(seconds=1)
    await office.hear(told("yookassa-1"))
    async with till.database.transaction() as tx:
        await events.close_event(tx, taken, till.clock.now(), None)
    assert await office.inbox.tick() == 1


async def test_a_flood_of_lies_asks_the_provider_once_a_second(office: Office) -> None:
    payment_id = await office.till.start()
    await office.till.driver.advance(payment_id)
    desk = office.till.desks[0]
    desk.calls.clear()
    for second in range(10):
        for number in range(20):
            await office.hear(told("yookassa-1"))
            await office.hear(told("yookassa-1", f"payment.made_up_{second}_{number}"))
            await office.inbox.tick()
        # Each time it is asked what the payment is, and what it is after that.
        assert len(desk.calls) <= 2 * (second + 1)
        office.till.clock.turn(seconds=1)
    assert await office.till.database.fetch_value("SELECT count(*) FROM provider_events") == EVENTS_MAX
    # What is true is heard all the same.
    desk.pay()
    await office.hear(told("yookassa-1", "payment.told_at_last"))
    for _ in range(2):
        office.till.clock.turn(seconds=1)
        await office.inbox.tick()
    assert (await office.till.row(payment_id)).state == "captured"
    desk.calls.clear()
    for number in range(20):
        await office.hear(told("yookassa-1"))
        await office.hear(told("yookassa-1", f"payment.made_up_again_{number}"))
    office.till.clock.turn(minutes=5)
    for _ in range(2 * EVENTS_MAX):
        await office.inbox.tick()
        office.till.clock.turn(seconds=1)
    # Each of those that were kept before it was captured is looked into once at most, then nothing is.
    assert len(desk.calls) <= EVENTS_MAX
    assert await events.soonest(office.till.database) is None


async def test_a_payment_whose_answer_was_lost_is_known_by_what_we_called_it(office: Office) -> None:
    desk = office.till.desks[0]
    desk.losses.append("create")
    payment_id = await office.till.start()
    assert (await office.till.driver.advance(payment_id)).state == "unknown"
    remote_id = desk.pay()
    await office.hear(told(remote_id, ours=payment_id))
    await office.inbox.tick()
    assert (await office.till.row(payment_id)).state == "captured"
    assert (await office.till.row(payment_id)).provider_payment_id == remote_id


async def test_another_payment_is_not_taken_for_ours(office: Office) -> None:
    desk = office.till.desks[0]
    first = await office.till.start()
    await office.till.driver.advance(first)
    foreign = desk.pay()
    desk.losses.append("create")
    second = await office.till.start()
    await office.till.driver.advance(second)
    desk.payments[foreign] = msgspec.structs.replace(desk.payments[foreign], payment_id=uuid4())
    await office.hear(told("not-ours", ours=second))
    desk.payments["not-ours"] = desk.payments[foreign]
    await office.inbox.tick()
    assert (await office.till.row(second)).state in {"unknown", "pending"}
    assert office.till.orders.paid == []


@pytest.mark.parametrize("address", ["10.0.0.1", "185.71.76.32", "", "unknown", "::1", "2a02:5181::1"])
async def test_nobody_else_is_listened_to(office: Office, address: str) -> None:
    with pytest.raises(WebhookRefused):
        await office.hear(told("yookassa-1"), address)


@pytest.mark.parametrize("address", ["185.71.76.31", "::ffff:185.71.76.1", "2a02:5180:0:1509::1"])
async def test_an_unknown_payment_is_not_found(office: Office, address: str) -> None:
    with pytest.raises(PaymentUnknown):
        await office.hear(told("nothing-of-ours", ours=uuid4()), address)
    assert await office.till.database.fetch_value("SELECT count(*) FROM provider_events") == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"type": "notification"}',
        b'{"type": "notification", "event": "payment.succeeded", "object": {}}',
        b'{"type": "notification", "event": "payment.succeeded", "object": {"id": 7}}',
        b'{"type": "notification", "event": "payment.succeeded", "object": {"id": "a\\u0000b"}}',
        b'{"type": "notification", "event": "payment.\\u0000", "object": {"id": "a"}}',
        b'{"type": "order", "event": "payment.succeeded", "object": {"id": "a"}}',
        b'{"type": "notification", "event": ["payment.succeeded"], "object": {"id": "a"}}',
        json.dumps({"type": "notification", "event": "payment.x", "object": {"id": "a" * 65}}).encode(),
        b"[" * 60_000,
    ],
)
async def test_nonsense_is_refused(office: Office, body: bytes) -> None:
    with pytest.raises(WebhookMalformed):
        await office.webhooks.hear_yookassa(body, THEIRS)


async def test_what_concerns_no_payment_is_taken_quietly(office: Office) -> None:
    await office.hear({"type": "notification", "event": "payout.succeeded", "object": {"id": "po-1"}})
    assert await office.till.database.fetch_value("SELECT count(*) FROM provider_events") == 0


async def test_an_event_waits_while_the_provider_does_not_answer(office: Office) -> None:
    desk = office.till.desks[0]
    payment_id = await office.till.start()
    await office.till.driver.advance(payment_id)
    remote_id = desk.pay()
    desk.losses.extend(["get", "get"])
    await office.hear(told(remote_id))
    for _ in range(4):
        await office.inbox.tick()
        office.till.clock.turn(seconds=120)
    assert (await office.till.row(payment_id)).state == "captured"


async def test_the_other_provider_signs(own_database: Database) -> None:
    async with open_session() as session:
        tbank = TBank(session, url="http://127.0.0.1:9", terminal_key="term", password=PASSWORD)
        office = Office(Till(own_database, Desk("tbank")), tbank)
        payment_id = await office.till.start()
        await office.till.driver.advance(payment_id)
        remote_id = office.till.desks[0].pay()
        body: dict[str, Any] = {
            "TerminalKey": "term",
            "PaymentId": remote_id,
            "Status": "CONFIRMED",
            "Success": True,
        }
        signed = body | {"Token": token_of(body, PASSWORD)}
        for wrong in (body, signed | {"Status": "REFUNDED"}, signed | {"TerminalKey": "another"}):
            with pytest.raises(WebhookRefused):
                await office.webhooks.hear_tbank(json.dumps(wrong).encode())
        await office.webhooks.hear_tbank(json.dumps(signed).encode())
        await office.inbox.tick()
        assert (await office.till.row(payment_id)).state == "captured"
