"""What payment tells: each line gives one licence, a refund ends it, in whatever order and however often it is heard."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.kit.money import Money
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.services.library.licences import consumers
from samovar.services.library.licences.use_cases import Licences, Purchases
from samovar.services.payment.contract.events import (
    GiftAccepted,
    OrderPaid,
    PaidLine,
    RefundedLine,
    RefundStarted,
)
from samovar.testing.clock import FakeClock
from samovar.testing.hosting import Running

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
PRICE = Money(amount=129_900, currency="RUB")

Told = OrderPaid | GiftAccepted | RefundStarted


def _line(**said: Any) -> PaidLine:
    return PaidLine(
        **{
            "line_id": new_id(),
            "package_id": new_id(),
            "app_ids": (new_id(), new_id()),
            "recipient_id": uuid4(),
            "final": PRICE,
            **said,
        }
    )


def _paid(*lines: PaidLine) -> OrderPaid:
    return OrderPaid(
        order_id=new_id(),
        account_id=lines[0].recipient_id,
        country="RU",
        lines=lines,
        total=PRICE,
        paid_at=NOON,
        version=2,
    )


def _accepted(line: PaidLine) -> GiftAccepted:
    return GiftAccepted(
        gift_id=new_id(),
        line_id=line.line_id,
        sender_id=uuid4(),
        recipient_id=line.recipient_id,
        package_id=line.package_id,
        app_ids=line.app_ids,
        accepted_at=NOON,
    )


def _refund(*lines: PaidLine, reason: str = "asked") -> RefundStarted:
    return RefundStarted(
        refund_id=new_id(),
        order_id=new_id(),
        account_id=uuid4(),
        lines=tuple(
            RefundedLine(
                line_id=line.line_id,
                package_id=line.package_id,
                app_ids=line.app_ids,
                recipient_id=line.recipient_id,
                amount=PRICE,
            )
            for line in lines
        ),
        reason=reason,
        started_at=NOON,
    )


async def _tell(database: Database, events: Sequence[Told]) -> None:
    purchases = Purchases(clock=FakeClock(NOON), new_id=new_id)
    for event in events:
        async with database.transaction() as tx:
            if isinstance(event, OrderPaid):
                await consumers.give_what_was_bought.handler(event, tx, purchases)
            elif isinstance(event, GiftAccepted):
                await consumers.give_what_was_accepted.handler(event, tx, purchases)
            else:
                await consumers.take_back_what_is_refunded.handler(event, tx, purchases)


async def _owned(database: Database, line: PaidLine) -> set[UUID]:
    licences = Licences(database, clock=FakeClock(NOON), new_id=new_id)
    held = await licences.check(line.recipient_id, line.app_ids)
    return {app_id for app_id in held if held[app_id].since}


class _Row(msgspec.Struct):
    payload: str


async def _revocations(database: Database, line: PaidLine) -> list[LicenceRevoked]:
    rows = await database.fetch(
        "SELECT payload::text AS payload FROM kit.outbox WHERE subject = $1",
        LicenceRevoked.subject,
        into=_Row,
    )
    told = [msgspec.json.decode(row.payload, type=LicenceRevoked) for row in rows]
    return [event for event in told if event.source_id == str(line.line_id)]


async def _grants(database: Database, line: PaidLine) -> int:
    return int(
        await database.fetch_value(
            "SELECT count(*) FROM kit.outbox WHERE subject = $1 AND payload ->> 'source_id' = $2",
            LicenceGranted.subject,
            str(line.line_id),
        )
    )


async def test_in_whatever_order_and_however_often_it_is_told_a_refund_wins(own_database: Database) -> None:
    bought, kept, gift = _line(), _line(), _line(is_gift=True)
    story: list[Told] = [_paid(bought, kept, gift), _accepted(gift), _refund(bought, gift)]
    for order in permutations([*story, story[0], story[2]]):
        await _tell(own_database, order)
        assert await _owned(own_database, kept) == set(kept.app_ids)
        assert await _owned(own_database, bought) | await _owned(own_database, gift) == set()
        assert await _grants(own_database, kept) == 1
        assert await _revocations(own_database, kept) == []
        for line in (bought, gift):
            assert await _grants(own_database, line) <= 1
            (licence,) = {told.licence_id for told in await _revocations(own_database, line)}
            assert licence
        async with own_database.transaction() as tx:
            await tx.execute("DELETE FROM licences")
            await tx.execute("DELETE FROM kit.outbox")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_any_story_ends_as_its_facts_say(own_database: Database, data: st.DataObject) -> None:
    lines = [_line(is_gift=data.draw(st.booleans())) for _ in range(data.draw(st.integers(1, 4)))]
    facts: list[Told] = [_paid(*lines), *(_accepted(line) for line in lines if line.is_gift)]
    some = st.lists(st.sampled_from(lines), min_size=1, unique_by=lambda line: line.line_id)
    facts += [_refund(*returned) for returned in data.draw(st.lists(some, max_size=3))]
    told = data.draw(st.lists(st.sampled_from(facts), max_size=12))
    await _tell(own_database, told)
    refunded = {line.line_id for event in told if isinstance(event, RefundStarted) for line in event.lines}
    accepted = {event.line_id for event in told if isinstance(event, GiftAccepted)}
    is_paid = any(isinstance(event, OrderPaid) for event in told)
    for line in lines:
        is_due = line.line_id in accepted if line.is_gift else is_paid
        is_open = is_due and line.line_id not in refunded
        assert await _owned(own_database, line) == (set(line.app_ids) if is_open else set())
        assert bool(await _revocations(own_database, line)) == (line.line_id in refunded)
        assert await _grants(own_database, line) <= 1


async def test_what_ended_for_another_reason_still_answers_a_refund(own_database: Database) -> None:
    line = _line()
    await _tell(own_database, [_paid(line)])
    licences = Licences(own_database, clock=FakeClock(NOON), new_id=new_id)
    await licences.revoke_granted("order", str(line.line_id), reason="operator")
    await _tell(own_database, [_refund(line, reason="chargeback")])
    told = await _revocations(own_database, line)
    assert [event.reason for event in told] == ["operator", "operator"]
    assert told[0] == told[1]


async def test_a_chargeback_says_so_and_a_refund_of_nothing_says_nothing(own_database: Database) -> None:
    line = _line()
    await _tell(own_database, [_refund(), _paid(line), _refund(line, reason="chargeback")])
    (told,) = await _revocations(own_database, line)
    assert (told.reason, told.kind, told.app_ids) == ("chargeback", "purchase", line.app_ids)


async def test_paid_and_refunded_at_the_same_moment_ends_refunded(own_database: Database) -> None:
    lines = [_line() for _ in range(8)]
    await asyncio.gather(
        *(
            _tell(own_database, [event])
            for line in lines
            for event in (_paid(line), _refund(line), _paid(line), _refund(line))
        )
    )
    for line in lines:
        assert await _owned(own_database, line) == set()
        assert await own_database.fetch_value("SELECT count(*) FROM licences") == len(lines)
        assert {told.licence_id for told in await _revocations(own_database, line)}


async def test_events_of_payment_reach_the_library_over_the_bus(library: Running) -> None:
    line, gift = _line(), _line(is_gift=True)
    event_id = new_id()
    for _ in range(2):
        await library.announce(_paid(line, gift), event_id=event_id)
    await library.announce(_accepted(gift))
    for one, kind in ((line, "purchase"), (gift, "gift")):
        await library.until(
            "SELECT count(*) = 2 FROM licence_apps WHERE account_id = $1 AND kind = $2",
            one.recipient_id,
            kind,
        )
    await library.announce(_refund(line, gift))
    for one in (line, gift):
        await library.until(
            "SELECT revoke_reason = 'refunded' FROM licences WHERE source = 'order' AND source_id = $1",
            str(one.line_id),
        )
        game = f"/v1/library/{one.app_ids[0]}"
        shown = await library.request("GET", game, account_id=one.recipient_id)
        assert (shown.body["access"], shown.body["end_reason"]) == ("revoked", "refunded")
