"""The refunds of an order, for its page."""

from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.refunds import repository
from samovar.services.payment.refunds.domain import Part, RefundLine
from samovar.services.payment.refunds.schemas import RefundView, views_of


async def refunds_of(reader: Database | Transaction, order_id: UUID) -> list[RefundView]:
    """Return the refunds of an order, as its owner sees them."""
    refunds = await repository.refunds_of(reader, order_id)
    ids = [refund.id for refund in refunds]
    lines: dict[UUID, list[RefundLine]] = {refund_id: [] for refund_id in ids}
    parts: dict[UUID, list[Part]] = {refund_id: [] for refund_id in ids}
    if ids:
        for line in await repository.lines_of(reader, ids):
            lines[line.refund_id].append(line)
        for part in await repository.parts_of(reader, ids):
            parts[part.refund_id].append(part)
    return views_of(refunds, lines, parts)
