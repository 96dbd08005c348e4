"""Orders with gifts, made for tests."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from samovar.kit.database import Database
from samovar.services.payment import repository
from samovar.services.payment.domain import Order, OrderLine
from tests.services.payment.quotes import making
from tests.services.payment.quotes.making import NOW

_ORDER = """
    INSERT INTO orders (id, account_id, quote_id, country, currency, status, method, total, wallet_amount, created_at,
        expires_at, paid_at)
    VALUES ($1, $2, $3, 'RU', 'RUB', 'paid', 'wallet', $4, $4, $5, $6, $5)
"""
_LINES = """
    INSERT INTO order_lines (id, order_id, position, package_id, app_ids, names, recipient_id, is_gift, is_preorder, base,
        discount_percent, bundle_percent, region, price_version, final)
    SELECT gen_random_uuid(), $1, place, gen_random_uuid(), ARRAY[gen_random_uuid()], '{"ru": "Игра"}', recipient_id,
        recipient_id <> $2, false, 50000, 0, 0, 'RU', 'v', 50000
    FROM unnest($3::uuid[]) WITH ORDINALITY AS given (recipient_id, place)
"""


async def ordered(
    database: Database, sender_id: UUID, *recipients: UUID, message: str | None = None, **quoted: Any
) -> tuple[Order, list[OrderLine]]:
    """Write a paid order with a line for each recipient, and the quote that it was made of."""
    order_id, quote_id = uuid4(), uuid4()
    async with database.transaction() as tx:
        total = 50_000 * len(recipients)
        await tx.execute(_ORDER, order_id, sender_id, quote_id, total, NOW, NOW + timedelta(hours=1))
        await tx.execute(_LINES, order_id, sender_id, list(recipients))
        order, lines = await repository.find_order(tx, order_id), await repository.lines_of(tx, [order_id])
    assert order is not None
    held = [
        making.line(
            line.recipient_id,
            50_000,
            package_id=line.package_id,
            app_ids=line.app_ids,
            is_gift=line.is_gift,
            message=message if line.is_gift else None,
        )
        for line in lines
    ]
    await making.keep(database, making.quote(sender_id, *held, id=quote_id, **quoted))
    return order, lines
