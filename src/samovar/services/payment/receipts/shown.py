"""The receipts of an order, as its buyer sees them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.money import Money
from samovar.services.payment.receipts import repository
from samovar.services.payment.receipts.domain import ReceiptKind, State
from samovar.services.payment.receipts.repository import Receipt


class ShownReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A fiscal receipt.

    Attributes:
        kind: What it is about: `sale` the payment, `advance` money in advance, `delivery` what was paid before it was given, `refund`; `correction` and `reversal`
            mend another one.
        state: `planned` and `sent` are on their way; `registered` is with the tax service.
        total: What it is about in all.
        offset: What of it was paid by an advance or prepayment that has a receipt of its own.
        drive: ФН, the number of the fiscal drive.
        number: ФД, the number of the document.
        sign: ФПД, the fiscal sign.
        link: Where the receipt can be seen.
    """

    id: UUID
    kind: ReceiptKind
    state: State
    total: Money
    offset: Money
    planned_at: datetime
    registered_at: datetime | None
    drive: str | None
    number: int | None
    sign: int | None
    link: str | None


async def receipts_of(
    reader: Database | Transaction, order_id: UUID, advances: Sequence[UUID] = ()
) -> list[ShownReceipt]:
    """Return the receipts of an order, oldest first.

    Args:
        reader: Where to read.
        order_id: The order.
        advances: Payments of it that fitted nothing, and what sent them back: their receipts name no order.
    """
    found = await repository.receipts_of_order(reader, order_id)
    if advances:
        found += await repository.receipts_of_causes(reader, advances)
    return [_shown(one) for one in sorted(found, key=lambda one: (one.planned_at, one.id))]


async def receipts_of_advances(reader: Database | Transaction, causes: Sequence[UUID]) -> list[ShownReceipt]:
    """Return the receipts of top-ups and of what gave them back, oldest first."""
    return [_shown(one) for one in await repository.receipts_of_causes(reader, causes)]


def _shown(one: Receipt) -> ShownReceipt:
    return ShownReceipt(
        id=one.id,
        kind=one.kind,
        state=one.state,
        total=Money(one.total, one.currency),
        offset=Money(one.offset_amount, one.currency),
        planned_at=one.planned_at,
        registered_at=one.registered_at,
        drive=one.drive,
        number=one.number,
        sign=one.sign,
        link=one.link,
    )
