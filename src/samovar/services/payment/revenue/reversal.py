"""Taking a sale back: the exact parts of its own split, not those of today's rules."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.money import Money
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.ledger.errors import TransferConflict
from samovar.services.payment.revenue import repository
from samovar.services.payment.revenue.counting import count_refund
from samovar.services.payment.revenue.domain import Parts, Sources, sources_of
from samovar.services.payment.revenue.domain import reverse as parts_of_refund
from samovar.services.payment.revenue.repository import Reversal, Sale

_NOTHING = Parts(0, 0, 0)
_NOWHERE = Sources(0, 0, 0)


async def reverse(
    tx: Transaction, *, order: Order, line: OrderLine, amount: int, refund_id: UUID, now: datetime
) -> None:
    """Move what a refund gives back of a line to `refunds_due`.

    Before the split it comes from what is prepaid. After it each part gives its share, and what the developer no longer has here comes
    of their reserve, then of their debt. The same refund of the line again moves nothing.

    Raises:
        TransferConflict: The refund took another amount of this line before.
        ValueError: It is more than what is left of the line.
    """
    if amount == 0:
        return
    await repository.put_sale(tx, order, line)
    sales = await repository.lock_sales_of(tx, order.id)
    known = await repository.find_reversal(tx, refund_id, line.id)
    if known:
        if known.amount != amount:
            raise TransferConflict(f"the refund {refund_id} took {known.amount} of the line {line.id}")
        return
    sale = sales[line.id]
    if not 0 < amount <= sale.left:
        raise ValueError(f"{amount} is no part of the {sale.left} that is left of the line {line.id}")
    if sale.split_at is None:
        parts, sources = _NOTHING, _NOWHERE
    else:
        parts = parts_of_refund(amount, sale.parts_left)
        # Of all lines of the order at once: their refunds follow in this transaction, and all take locks in one order.
        await repository.lock_owners(tx, sorted({(one.owner, one.currency) for one in sales.values()}))
        sources = await _find_sources(tx, sale, parts.developer)
    await posting.post(tx, _transfers(sale, amount, parts, sources, refund_id), now=now)
    await repository.add_reversal(
        tx,
        Reversal(
            refund_id=refund_id,
            line_id=line.id,
            amount=amount,
            is_early=sale.split_at is None,
            tax=parts.tax,
            commission=parts.commission,
            developer=parts.developer,
            from_payable=sources.payable,
            from_reserve=sources.reserve,
            from_debt=sources.debt,
            reversed_at=now,
        ),
        sale=sale,
    )
    await count_refund(tx, order, line, sale, parts, now)


async def _find_sources(tx: Transaction, sale: Sale, amount: int) -> Sources:
    payable = await posting.balance(tx, Account(Kind.PAYABLE, sale.owner, sale.currency))
    reserve = await posting.balance(tx, Account(Kind.RESERVE, sale.owner, sale.currency))
    return sources_of(amount, payable=payable.available, reserve=reserve.available)


def _transfers(sale: Sale, amount: int, parts: Parts, sources: Sources, refund_id: UUID) -> list[Transfer]:
    owner, currency = sale.owner, sale.currency
    taken = {
        Account(Kind.PREPAID, "", currency): amount if sale.split_at is None else 0,
        Account(Kind.TAX, "", currency): parts.tax,
        Account(Kind.COMMISSION, "", currency): parts.commission,
        Account(Kind.PAYABLE, owner, currency): sources.payable,
        Account(Kind.RESERVE, owner, currency): sources.reserve,
        Account(Kind.DEBT, owner, currency): sources.debt,
    }
    return [
        Transfer(
            id=leg_id(refund_id, f"{sale.line_id}:{account.kind}"),
            debit=account,
            credit=Account(Kind.REFUNDS_DUE, "", currency),
            amount=Money(part, currency),
            code="refund",
            cause_id=refund_id,
        )
        for account, part in taken.items()
        if part
    ]
