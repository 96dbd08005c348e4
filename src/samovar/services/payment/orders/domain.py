"""The names of an order's transfers, and what an order becomes. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from samovar.kit.money import Money
from samovar.services.payment.contract.events import OrderPaid, PaidLine
from samovar.services.payment.domain import Order, OrderLine, OrderStatus
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id

Closed = Literal["canceled", "expired", "failed"]


def own_transfers(order: Order, *, is_pending: bool) -> list[Transfer]:
    """Return the transfers of what the buyer pays with money that is here already: bonus and wallet.

    A pending one never expires by itself: it is the order that ends.
    """
    prepaid = Account(Kind.PREPAID, currency=order.currency)
    owner = str(order.account_id)
    return [
        Transfer(
            id=leg_id(order.id, kind.value),
            debit=Account(kind, owner, order.currency),
            credit=prepaid,
            amount=order.money(amount),
            code="purchase",
            cause_id=order.id,
            is_pending=is_pending,
        )
        for kind, amount in ((Kind.BONUS, order.bonus_amount), (Kind.WALLET, order.wallet_amount))
        if amount
    ]


def capture_transfer(order: Order, provider: str, amount: Money) -> Transfer:
    """Return the transfer of what a provider has captured for an order."""
    return Transfer(
        id=leg_id(order.id, "capture"),
        debit=Account(Kind.CLEARING, provider, order.currency),
        credit=Account(Kind.PREPAID, currency=order.currency),
        amount=amount,
        code="capture",
        cause_id=order.id,
    )


def pending_transfers(order: Order) -> list[Transfer]:
    """Return the pending transfers of a mixed order, in the order in which everybody locks their accounts."""
    if not order.provider_amount:
        return []
    return sorted(own_transfers(order, is_pending=True), key=lambda transfer: transfer.debit.id)


def closed(order: Order, status: Closed, failure_code: str | None, now: datetime) -> Order:
    """Return an order that came to nothing."""
    return msgspec.structs.replace(
        order, status=status, failure_code=failure_code, closed_at=now, version=order.version + 1
    )


def after_refund(order: Order, lines: Sequence[OrderLine], now: datetime) -> Order:
    """Return an order of which something has gone back."""
    whole = all(line.refunded_at is not None for line in lines)
    status: OrderStatus = "refunded" if whole else "partially_refunded"
    return msgspec.structs.replace(
        order, status=status, closed_at=now if whole else order.closed_at, version=order.version + 1
    )


def paid_event(order: Order, lines: Sequence[OrderLine], now: datetime) -> OrderPaid:
    """Return what others hear of a paid order; `version` is the order's at that moment."""
    return OrderPaid(
        order_id=order.id,
        account_id=order.account_id,
        country=order.country,
        lines=tuple(
            PaidLine(
                line_id=line.id,
                package_id=line.package_id,
                app_ids=line.app_ids,
                recipient_id=line.recipient_id,
                is_gift=line.is_gift,
                organisation_id=line.organisation_id,
                final=order.money(line.final),
                is_preorder=line.is_preorder,
            )
            for line in lines
        ),
        total=order.money(order.total),
        paid_at=order.paid_at or now,
        version=order.version,
    )
