"""What follows once a refund is granted: the licence ends, the money moves, the provider answers.

Every step is one transaction that holds the order and looks at the state first: heard twice, late or out of order, it changes nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.payment import repository as orders
from samovar.services.payment.contract.events import RefundSettled
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.orders import refunding
from samovar.services.payment.payments import refunding as payments
from samovar.services.payment.receipts import planning
from samovar.services.payment.refunds import domain, repository
from samovar.services.payment.refunds.domain import Fund, Part, Refund
from samovar.services.payment.refunds.errors import DisputeUndecided, FundsTaken
from samovar.services.payment.revenue import reversal


async def licence_ended(tx: Transaction, line_id: UUID, *, now: datetime) -> bool:
    """Remember that library has taken the licence of a line back; pay when all of the refund are. Returns whether a refund waited for it."""
    waiting = await repository.ending(tx, [line_id])
    if not waiting:
        return False
    refund = await lock(tx, waiting[0].refund_id)
    if refund is None or refund.status != "revoking":
        return False
    await repository.mark_revoked(tx, refund.id, [line_id], now)
    lines = await repository.lines_of(tx, [refund.id])
    if all(line.revoked_at or not line.ends_licence for line in lines):
        await pay(tx, refund, now=now)
    return True


async def lock(tx: Transaction, refund_id: UUID) -> Refund | None:
    """Return a refund that nobody else changes meanwhile: its order is locked."""
    found = await repository.find_refund(tx, refund_id)
    if found is None:
        return None
    await orders.lock_order(tx, found.order_id)
    return await repository.find_refund(tx, refund_id)


async def pay(tx: Transaction, refund: Refund, *, now: datetime) -> None:
    """Undo the sale, and send each part of the money where it belongs; the order is locked."""
    order = await orders.lock_order(tx, refund.order_id)
    if order is None:
        raise ValueError(f"{refund.id} is of no order")
    taken = {line.line_id: line.amount for line in await repository.lines_of(tx, [refund.id]) if line.amount}
    for line in await orders.find_lines(tx, list(taken)):
        await reversal.reverse(
            tx, order=order, line=line, amount=taken[line.id], refund_id=refund.id, now=now
        )
    paying = msgspec.structs.replace(refund, status="paying", moved_at=now)
    await repository.update_refund(tx, paying)
    funds = {fund.id: fund for fund in await repository.funds_of(tx, refund.order_id)}
    parts = []
    for part in await repository.parts_of(tx, [refund.id]):
        payment_id = funds[part.fund_id].payment_id
        if part.destination == "instrument" and payment_id:
            await payments.refund(
                tx, payment_id=payment_id, refund_id=part.id, amount=refund.money(part.amount), now=now
            )
            parts.append(msgspec.structs.replace(part, status="sent"))
        elif part.destination == "wallet" and payment_id and funds[part.fund_id].disputed:
            # The bank may give it back besides: it waits for the verdict, and for a person.
            parts.append(msgspec.structs.replace(part, status="held", notice_code="disputed"))
        elif part.destination == "chargeback":
            parts.append(await _charge_back(tx, paying, part, now))
        else:
            parts.append(await _give(tx, paying, funds[part.fund_id], part, now))
    await repository.update_parts(tx, parts)
    await _finish(tx, paying, parts, now)


async def arrived(tx: Transaction, refund_id: UUID, *, now: datetime) -> None:
    """Hear that a provider has given a part back; what is none of ours changes nothing.

    Args:
        tx: The transaction of the provider's outcome.
        refund_id: The name that payments was given: the id of the part.
        now: The time.
    """
    found = await _lock_part(tx, refund_id)
    if found is None:
        return
    refund, fund, part = found
    if part.status == "done" and part.destination == "wallet" and not part.twice_at:
        # It said that it would not, the money went to the wallet, and now it has paid all the same.
        await _move(
            tx,
            refund,
            part,
            Account(Kind.LOSS, currency=refund.currency),
            _clearing(fund, refund),
            "twice",
            now,
        )
        await repository.update_parts(tx, [msgspec.structs.replace(part, twice_at=now)])
    if part.status not in {"sent", "held"}:
        return
    await _move(tx, refund, part, _due(refund), _clearing(fund, refund), "arrived", now)
    await _done(tx, refund, msgspec.structs.replace(part, status="done", done_at=now), now)


async def refused(tx: Transaction, refund_id: UUID, *, code: str, now: datetime) -> None:
    """Hear that a provider will not give a part back: it goes to the wallet where that is for good, else a person decides.

    Args:
        tx: The transaction of the provider's outcome.
        refund_id: The name that payments was given: the id of the part.
        code: Why, a stable code.
        now: The time.
    """
    found = await _lock_part(tx, refund_id)
    if found is None:
        return
    refund, fund, part = found
    if part.status != "sent":
        return
    noted = msgspec.structs.replace(part, notice_code=code)
    # While a bank disputes what is on its way, nobody gives it to the wallet besides.
    if code in domain.TO_WALLET and not fund.disputed:
        await to_wallet(tx, refund, fund, noted, now=now)
    else:
        await repository.update_parts(tx, [msgspec.structs.replace(noted, status="held")])


async def to_wallet(tx: Transaction, refund: Refund, fund: Fund, part: Part, *, now: datetime) -> None:
    """Give a part to the wallet, which the instrument did not take; the order is locked.

    Raises:
        FundsTaken: A bank disputes it.
    """
    if fund.disputed:
        raise FundsTaken(f"{part.id}: a bank disputes the payment")
    given = await _give(tx, refund, fund, msgspec.structs.replace(part, destination="wallet"), now)
    await _done(tx, refund, given, now)


async def charged_back(tx: Transaction, refund: Refund, fund: Fund, part: Part, *, now: datetime) -> None:
    """Count a part as taken by the payer's bank itself; what the bank did not take of it waits for a person as before. The order is locked.

    Raises:
        DisputeUndecided: The bank may still give it back; then it would be counted twice.
        FundsTaken: No bank has taken anything of it.
    """
    if await repository.is_disputed(tx, refund.order_id):
        raise DisputeUndecided(f"{part.id}")
    amount = min(part.amount, fund.disputed)
    if not amount:
        raise FundsTaken(f"{part.id}: no chargeback covers it")
    await repository.dispute_fund(tx, fund.id, -amount)
    if amount < part.amount:
        rest = msgspec.structs.replace(part, id=leg_id(part.id, "rest"), amount=part.amount - amount)
        await repository.insert_parts(tx, [rest])
    taken = msgspec.structs.replace(part, destination="chargeback", amount=amount)
    await _done(tx, refund, await _charge_back(tx, refund, taken, now), now)


async def _charge_back(tx: Transaction, refund: Refund, part: Part, now: datetime) -> Part:
    loss = Account(Kind.LOSS, currency=refund.currency)
    await _move(tx, refund, part, _due(refund), loss, "charged_back", now)
    return msgspec.structs.replace(part, status="done", done_at=now)


async def _lock_part(tx: Transaction, part_id: UUID) -> tuple[Refund, Fund, Part] | None:
    found = await repository.find_part(tx, part_id)
    refund = await lock(tx, found.refund_id) if found else None
    part = await repository.find_part(tx, part_id) if refund else None
    if refund is None or part is None:
        return None
    funds = await repository.funds_of(tx, refund.order_id)
    return refund, next(fund for fund in funds if fund.id == part.fund_id), part


async def _give(tx: Transaction, refund: Refund, fund: Fund, part: Part, now: datetime) -> Part:
    """Put a part into the wallet or to the bonus money, which is done at once."""
    kind = Kind.BONUS if part.destination == "bonus" else Kind.WALLET
    account = Account(kind, str(refund.account_id), refund.currency)
    await _move(tx, refund, part, _due(refund), account, "given", now, is_moved=fund.source == "provider")
    return msgspec.structs.replace(part, status="done", done_at=now)


async def _done(tx: Transaction, refund: Refund, part: Part, now: datetime) -> None:
    await repository.update_parts(tx, [part])
    await _finish(tx, refund, await repository.parts_of(tx, [refund.id]), now)


async def _finish(tx: Transaction, refund: Refund, parts: Sequence[Part], now: datetime) -> None:
    """End the refund once the last part is where it belongs."""
    if any(part.status != "done" for part in parts):
        return
    lines = await repository.lines_of(tx, [refund.id])
    amounts = {line.line_id: line.amount for line in lines}
    await refunding.settle(tx, refund.order_id, amounts, now=now)
    destination = refund.destination
    if any(part.notice_code and part.destination == "wallet" for part in parts):
        destination = "wallet"
    settled = msgspec.structs.replace(
        refund, status="settled", destination=destination, moved_at=now, settled_at=now
    )
    await repository.update_refund(tx, settled)
    if refund.amount:
        await planning.refund_settled(
            tx,
            refund_id=refund.id,
            order_id=refund.order_id,
            top_up_id=None,
            line_amounts=amounts,
            amount=refund.money(refund.amount),
            destination=destination,
            now=now,
            parts=_returned(parts),
        )
    order = await orders.find_order(tx, refund.order_id)
    await tx.publish(
        RefundSettled(
            refund_id=refund.id,
            order_id=refund.order_id,
            account_id=refund.account_id,
            amount=refund.money(refund.amount),
            destination=destination,
            is_whole=order is not None and order.status == "refunded",
            settled_at=now,
        )
    )


def _returned(parts: Sequence[Part]) -> dict[str, int]:
    """Return how much went to each destination; what the payer's bank took is with the payer, as what went to the instrument."""
    returned: dict[str, int] = defaultdict(int)
    for part in parts:
        returned["instrument" if part.destination == "chargeback" else part.destination] += part.amount
    return dict(returned)


async def _move(
    tx: Transaction,
    refund: Refund,
    part: Part,
    debit: Account,
    credit: Account,
    leg: str,
    now: datetime,
    *,
    is_moved: bool = False,
) -> None:
    transfer = Transfer(
        id=leg_id(part.id, leg),
        debit=debit,
        credit=credit,
        amount=refund.money(part.amount),
        code="refund_moved" if is_moved else "refund",
        cause_id=refund.id,
    )
    await posting.post(tx, [transfer], now=now)


def _due(refund: Refund) -> Account:
    return Account(Kind.REFUNDS_DUE, currency=refund.currency)


def _clearing(fund: Fund, refund: Refund) -> Account:
    return Account(Kind.CLEARING, fund.provider or "", refund.currency)
