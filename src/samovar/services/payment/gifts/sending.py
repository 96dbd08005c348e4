"""Sending gifts: a function that takes the transaction first, called when an order is paid."""

from collections.abc import Sequence
from datetime import datetime

from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.gifts import domain, repository
from samovar.services.payment.gifts.domain import Gift
from samovar.services.payment.quotes import taking


async def send(
    tx: Transaction, order: Order, lines: Sequence[OrderLine], *, now: datetime, new_id: IdSource
) -> None:
    """Make a gift of each paid line that is one, with what the sender says; a second call makes no second gift."""
    gifts = [line for line in lines if line.is_gift]
    if not gifts:
        return
    quote = await taking.find(tx, order.quote_id)
    messages = {(line.package_id, line.recipient_id): line.message for line in quote.lines} if quote else {}
    sent = await repository.insert_gifts(
        tx,
        [
            Gift(
                id=new_id(),
                line_id=line.id,
                order_id=order.id,
                sender_id=order.account_id,
                recipient_id=line.recipient_id,
                package_id=line.package_id,
                app_ids=line.app_ids,
                names=line.names,
                message=messages.get((line.package_id, line.recipient_id)),
                state="sent",
                reason=None,
                sent_at=now,
                expires_at=domain.ends_at(now, quote.gift_days if quote else None),
                resolved_at=None,
            )
            for line in gifts
        ],
    )
    await tx.publish_many([gift.sent() for gift in sent])
