"""What a bank takes back never goes back a second time, and a loss undoes the sale."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.money import Money
from samovar.services.payment.contract.chargebacks_events import ChargebackOpened
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.gifts import sending
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.refunds import invariants, settling
from samovar.testing.hosting import Answer
from tests.services.payment.refunds.shop import NOW, Desk

STAFF = {"reason": "support_decision", "note": "Проверка"}


async def opened(desk: Desk, payment_id: UUID | None, amount: object, **more: object) -> Answer:
    body: dict[str, Any] = {
        "payment_id": str(payment_id),
        "case_id": str(uuid4()),
        "amount": amount,
        "reason": "fraud",
    }
    return await send(desk, "", body | more)


async def send(desk: Desk, path: str, body: dict[str, Any], *, role: str = "finance") -> Answer:
    return await desk.payment.request(
        "POST",
        f"/v1/admin/payments/chargebacks{path}",
        account_id=uuid4(),
        roles=(role,),
        acr="aal2",
        headers={"Idempotency-Key": str(uuid4())},
        json=body,
    )


async def decide(desk: Desk, shown: Answer, verdict: str) -> Answer:
    return await send(desk, f"/{shown.body['id']}/decide", {"verdict": verdict, "note": "Решение банка"})


async def moved(desk: Desk, order_or_case: UUID) -> dict[str, int]:
    """Return what went through the accounts of what one thing caused: credits less debits."""
    rows = await desk.database.fetch_value(
        """
        SELECT coalesce(jsonb_object_agg(kind, net), '{}') FROM (
            SELECT a.kind, sum(m.amount)::bigint AS net FROM (
                SELECT credit_account_id AS id, amount, cause_id FROM ledger_transfers WHERE kind IN ('posted', 'post')
                UNION ALL SELECT debit_account_id, -amount, cause_id FROM ledger_transfers WHERE kind IN ('posted', 'post')) m
            JOIN ledger_accounts a USING (id) WHERE m.cause_id = ANY($1) GROUP BY a.kind HAVING sum(m.amount) <> 0) k
        """,
        [order_or_case],
    )
    found: dict[str, int] = rows
    return found


async def lost(desk: Desk, order: Order, lines: list[OrderLine], amount: int) -> UUID:
    """Open a chargeback, lose it, and let library take the licences; returns the refund that followed."""
    case = await opened(desk, order.payment_id, amount)
    assert case.status == 201
    decided = await decide(desk, case, "lost")
    for line in lines:
        await desk.end_licence(line)
    refund_id = UUID(decided.body["refund_id"])
    await desk.payment.until("SELECT status = 'settled' FROM refunds WHERE id = $1", refund_id)
    return refund_id


async def test_an_opened_one_keeps_the_money_from_going_back_besides(desk: Desk) -> None:
    order, _ = await desk.sell([1_000])
    case = await opened(desk, order.payment_id, 1_000)
    assert (case.body["status"], case.body["covered"]["amount"]) == ("opened", 1_000)
    assert await moved(desk, UUID(case.body["id"])) == {"loss": -1_000, "clearing": 1_000}
    refused = await desk.ask(order)
    assert (refused.status, refused.body["code"]) == (409, "payment.not_refundable")
    assert [fault["code"] for fault in refused.body["errors"]] == ["refund_not_disputed"]
    told = [
        event for event in await desk.payment.events(ChargebackOpened) if event.account_id == order.account_id
    ]
    assert len(told) == 1


async def test_a_won_one_gives_all_back(desk: Desk) -> None:
    order, _ = await desk.sell([1_000])
    case = await opened(desk, order.payment_id, 1_000)
    assert (await decide(desk, case, "won")).body["status"] == "won"
    assert await moved(desk, UUID(case.body["id"])) == {}
    assert (await desk.ask(order)).status == 201
    assert (await decide(desk, case, "lost")).status == 409


async def test_a_lost_one_takes_the_licence_and_what_others_paid_goes_back_to_them(desk: Desk) -> None:
    order, lines = await desk.sell([1_000], wallet=300, bonus=100)
    refund_id = await lost(desk, order, lines, 600)
    assert await desk.wallet(order.account_id) == 300
    assert await desk.bonus(order.account_id) == 100
    assert await moved(desk, refund_id) == {"prepaid": -1_000, "wallet": 300, "bonus": 100, "loss": 600}
    assert (await desk.order(order.id))[0].status == "refunded"
    assert (await desk.ask(order)).status == 409


async def test_a_part_that_is_lost_leaves_the_game(desk: Desk) -> None:
    order, lines = await desk.sell([600, 400])
    case = await opened(desk, order.payment_id, 100)
    decided = await decide(desk, case, "lost")
    refund_id = UUID(decided.body["refund_id"])
    assert await desk.status(refund_id) == "settled"
    assert [line.refunded for line in (await desk.order(order.id))[1]] == [60, 40]
    assert lines[0].id not in {
        line.line_id for event in await desk.started() if event.refund_id == refund_id for line in event.lines
    }


async def test_what_had_gone_back_before_is_a_loss_and_no_second_refund(desk: Desk) -> None:
    order, lines = await desk.sell([1_000])
    asked = await desk.ask(order)
    await desk.end_licence(lines[0])
    refund_id = UUID(asked.body["id"])
    await desk.payment.until("SELECT status = 'paying' FROM refunds WHERE id = $1", refund_id)
    case = await opened(desk, order.payment_id, 1_000)
    assert case.body["covered"]["amount"] == 0
    (part_id,) = await desk.parts(refund_id)
    async with desk.database.transaction() as tx:
        await settling.refused(tx, part_id, code="too_late", now=NOW)
    assert await desk.wallet(order.account_id) == 0
    blocked = await desk.staff(f"refunds/{refund_id}/to-wallet", {"note": "Всё равно"})
    assert (blocked.status, blocked.body["code"]) == (409, "payment.funds_taken")
    too_early = await desk.staff(f"refunds/{refund_id}/charged-back", {"note": "Забрал банк"})
    assert (too_early.status, too_early.body["code"]) == (409, "payment.dispute_undecided")
    decided = await decide(desk, case, "lost")
    assert decided.body["refund_id"] is None
    counted = await desk.staff(f"refunds/{refund_id}/charged-back", {"note": "Забрал банк"})
    assert counted.body["status"] == "settled"
    assert await desk.wallet(order.account_id) == 0


async def test_what_the_bank_did_not_take_of_a_refused_refund_still_goes_back(desk: Desk) -> None:
    order, lines = await desk.sell([1_000])
    asked = await desk.ask(order)
    await desk.end_licence(lines[0])
    refund_id = UUID(asked.body["id"])
    await desk.payment.until("SELECT status = 'paying' FROM refunds WHERE id = $1", refund_id)
    case = await opened(desk, order.payment_id, 300)
    (part_id,) = await desk.parts(refund_id)
    async with desk.database.transaction() as tx:
        await settling.refused(tx, part_id, code="too_late", now=NOW)
    await decide(desk, case, "lost")
    counted = await desk.staff(f"refunds/{refund_id}/charged-back", {"note": "Забрал банк"})
    assert (counted.status, counted.body["status"]) == (200, "paying")
    again = await desk.staff(f"refunds/{refund_id}/charged-back", {"note": "Забрал банк"})
    assert (again.status, again.body["code"]) == (409, "payment.funds_taken")
    given = await desk.staff(f"refunds/{refund_id}/to-wallet", {"note": "Остаток"})
    assert given.body["status"] == "settled"
    assert await desk.wallet(order.account_id) == 700
    legs = await moved(desk, refund_id)
    assert (legs["loss"], legs["wallet"]) == (300, 700)


async def test_what_was_meant_for_the_wallet_and_is_tried_again_is_counted_where_it_went(desk: Desk) -> None:
    order, lines = await desk.sell([1_000])
    asked = await desk.ask(order, {"reason": "передумал", "destination": "wallet"})
    refund_id = UUID(asked.body["id"])
    case = await opened(desk, order.payment_id, 300)
    await desk.end_licence(lines[0])
    await desk.payment.until(
        "SELECT true FROM refund_parts WHERE refund_id = $1 AND status = 'held'", refund_id
    )
    await decide(desk, case, "lost")
    assert (await desk.staff(f"refunds/{refund_id}/charged-back", {"note": "Забрал банк"})).status == 200
    assert (await desk.staff(f"refunds/{refund_id}/retry", {"note": "Остаток на карту"})).status == 200
    sent = await desk.database.fetch_value(
        "SELECT id FROM refund_parts WHERE refund_id = $1 AND status = 'sent'", refund_id
    )
    async with desk.database.transaction() as tx:
        await settling.arrived(tx, sent, now=NOW)
    assert await desk.status(refund_id) == "settled"
    assert await desk.wallet(order.account_id) == 0
    kept = await desk.database.fetch_value(
        "SELECT array_agg(destination || ' ' || amount ORDER BY amount) FROM refund_parts WHERE refund_id = $1",
        refund_id,
    )
    assert kept == ["chargeback 300", "instrument 700"]


async def test_what_a_won_dispute_gives_back_goes_to_the_payer(desk: Desk) -> None:
    order, lines = await desk.sell([1_000])
    asked = await desk.ask(order)
    await desk.end_licence(lines[0])
    refund_id = UUID(asked.body["id"])
    await desk.payment.until("SELECT status = 'paying' FROM refunds WHERE id = $1", refund_id)
    case = await opened(desk, order.payment_id, 1_000)
    (part_id,) = await desk.parts(refund_id)
    async with desk.database.transaction() as tx:
        await settling.refused(tx, part_id, code="too_late", now=NOW)
    assert (await decide(desk, case, "won")).status == 200
    counted = await desk.staff(f"refunds/{refund_id}/charged-back", {"note": "Забрал банк"})
    assert (counted.status, counted.body["code"]) == (409, "payment.funds_taken")
    given = await desk.staff(f"refunds/{refund_id}/to-wallet", {"note": "Спор выигран"})
    assert given.body["status"] == "settled"
    assert await desk.wallet(order.account_id) == 1_000


async def test_a_top_up_that_is_lost_takes_what_the_wallet_still_holds(desk: Desk) -> None:
    order, _ = await desk.sell([1_000])
    async with desk.database.transaction() as tx:
        await tx.execute("UPDATE payments SET purpose = 'top_up' WHERE id = $1", order.payment_id)
        transfer = Transfer(
            id=leg_id(order.id, "test"),
            debit=Account(Kind.CLEARING, "yookassa"),
            credit=Account(Kind.WALLET, str(order.account_id)),
            amount=Money(400, "RUB"),
            code="top_up",
            cause_id=order.id,
        )
        await posting.post(tx, [transfer], now=NOW)
    case = await opened(desk, order.payment_id, 1_000)
    assert case.body["covered"]["amount"] == 400
    assert await desk.wallet(order.account_id) == 0
    await decide(desk, case, "lost")
    assert await moved(desk, UUID(case.body["id"])) == {"loss": -600, "clearing": 1_000, "wallet": -400}


@pytest.mark.parametrize(("verdict", "amount"), [("won", 1_000), ("lost", 100)])
async def test_a_gift_that_was_declined_meanwhile_is_refunded_once_the_bank_has_decided(
    desk: Desk, verdict: str, amount: int
) -> None:
    recipient_id = uuid4()
    order, lines = await desk.sell([1_000], recipient_id=recipient_id, is_gift=True)
    async with desk.database.transaction() as tx:
        await sending.send(tx, order, lines, now=NOW, new_id=uuid4)
    case = await opened(desk, order.payment_id, amount)
    gift_id = await desk.database.fetch_value("SELECT id FROM gifts WHERE order_id = $1", order.id)
    declined = await desk.payment.request("POST", f"/v1/gifts/{gift_id}/decline", account_id=recipient_id)
    assert declined.body["reason"] == "declined"
    assert (await desk.order(order.id))[1][0].refund_pending == 0
    assert (await decide(desk, case, verdict)).status == 200
    (line,) = (await desk.order(order.id))[1]
    assert line.refunded + line.refund_pending == 1_000


async def test_the_books_hold_after_all_that(desk: Desk) -> None:
    assert [str(fault) for fault in await invariants.faults(desk.database)] == []


async def test_of_two_verdicts_at_one_moment_one_holds(desk: Desk) -> None:
    order, _ = await desk.sell([1_000])
    case = await opened(desk, order.payment_id, 1_000)
    answers = await asyncio.gather(*(decide(desk, case, verdict) for verdict in ("won", "lost", "won")))
    assert sorted(answer.status for answer in answers) == [200, 409, 409]


async def test_the_same_dispute_is_written_down_once(desk: Desk) -> None:
    order, _ = await desk.sell([1_000])
    assert (await opened(desk, order.payment_id, 400, case_id="case-7")).status == 201
    again = await opened(desk, order.payment_id, 1_000, case_id="case-7")
    assert (again.status, again.body["code"]) == (409, "payment.chargeback_known")
    assert (await opened(desk, order.payment_id, 601)).status == 422


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 0},
        {"amount": -5},
        {"amount": 2**60},
        {"case_id": ""},
        {"case_id": "две строки\n"},
        {"reason": "because"},
        {"note": " \n"},
        {"note": "a\0b"},
    ],
)
async def test_nonsense_is_refused(desk: Desk, change: dict[str, object]) -> None:
    order, _ = await desk.sell([1_000])
    body: dict[str, Any] = {
        "payment_id": str(order.payment_id),
        "case_id": "x",
        "amount": 1,
        "reason": "fraud",
    }
    assert (await send(desk, "", body | change)).status == 422


async def test_a_payment_that_is_none_is_not_found_and_support_may_not(desk: Desk) -> None:
    order, _ = await desk.sell([1_000])
    assert (await opened(desk, uuid4(), 100)).status == 404
    body = {"payment_id": str(order.payment_id), "case_id": "y", "amount": 1, "reason": "fraud"}
    assert (await send(desk, "", body, role="support")).status == 403


async def refunded_to_wallet(desk: Desk, amount: int) -> tuple[Order, UUID]:
    """Sell, and let the buyer have the money of the card back in the wallet; returns the order and the refund, begun."""
    order, lines = await desk.sell([amount])
    asked = await desk.ask(order, {"destination": "wallet"})
    assert asked.status == 201
    await desk.end_licence(lines[0])
    return order, UUID(asked.body["id"])


async def test_what_had_gone_to_the_wallet_is_taken_from_there(desk: Desk) -> None:
    order, refund_id = await refunded_to_wallet(desk, 1_000)
    await desk.payment.until("SELECT status = 'settled' FROM refunds WHERE id = $1", refund_id)
    first = await opened(desk, order.payment_id, 600)
    assert (first.body["covered"]["amount"], first.body["from_wallet"]["amount"]) == (600, 600)
    assert await desk.wallet(order.account_id) == 400
    assert (await decide(desk, first, "won")).status == 200
    assert await desk.wallet(order.account_id) == 1_000
    for amount in (700, 300):
        case = await opened(desk, order.payment_id, amount)
        assert case.body["from_wallet"]["amount"] == amount
        assert (await decide(desk, case, "lost")).body["refund_id"] is None
    assert await desk.wallet(order.account_id) == 0
    assert await moved(desk, UUID(case.body["id"])) == {"clearing": 300, "wallet": -300}


async def test_money_on_its_way_to_the_wallet_waits_for_the_verdict(desk: Desk) -> None:
    order, lines = await desk.sell([1_000])
    asked = await desk.ask(order, {"destination": "wallet"})
    case = await opened(desk, order.payment_id, 1_000)
    await desk.end_licence(lines[0])
    refund_id = UUID(asked.body["id"])
    await desk.payment.until("SELECT status = 'paying' FROM refunds WHERE id = $1", refund_id)
    assert await desk.wallet(order.account_id) == 0
    assert (await desk.staff(f"refunds/{refund_id}/to-wallet", {"note": "Рано"})).status == 409
    assert (await decide(desk, case, "won")).status == 200
    assert (await desk.staff(f"refunds/{refund_id}/to-wallet", {"note": "Спор выигран"})).status == 200
    assert await desk.status(refund_id) == "settled"
    assert await desk.wallet(order.account_id) == 1_000
    assert [str(fault) for fault in await invariants.faults(desk.database)] == []
