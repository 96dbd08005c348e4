"""The SQL of orders."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from samovar.kit.database import Transaction
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.orders.errors import RefundTooLarge

_LINE_FIELDS = (
    "id",
    "position",
    "package_id",
    "bundle_id",
    "names",
    "organisation_id",
    "recipient_id",
    "is_gift",
    "is_preorder",
    "base",
    "discount_percent",
    "bundle_percent",
    "promo_percent",
    "region",
    "price_version",
    "final",
    "reduced",
    "price",
)


async def insert(tx: Transaction, order: Order, lines: Sequence[OrderLine]) -> None:
    """Write a new order with its lines."""
    await tx.execute(
        """
        INSERT INTO orders
            (id, account_id, quote_id, country, currency, status, method, total, bonus_amount, wallet_amount, provider_amount,
             created_at, expires_at, paid_at, version, payment_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """,
        order.id,
        order.account_id,
        order.quote_id,
        order.country,
        order.currency,
        order.status,
        order.method,
        order.total,
        order.bonus_amount,
        order.wallet_amount,
        order.provider_amount,
        order.created_at,
        order.expires_at,
        order.paid_at,
        order.version,
        order.payment_id,
    )
    await tx.execute(
        """
        INSERT INTO order_lines
            (id, order_id, position, package_id, bundle_id, app_ids, names, organisation_id, recipient_id, is_gift, is_preorder,
             base, discount_percent, bundle_percent, promo_percent, region, price_version, final, reduced, price)
        SELECT id, $1, position, package_id, bundle_id, app_ids::uuid[], names, organisation_id, recipient_id, is_gift, is_preorder,
            base, discount_percent, bundle_percent, promo_percent, region, price_version, final, reduced, price
        FROM unnest(
            $2::text[], $3::uuid[], $4::int[], $5::uuid[], $6::uuid[], $7::jsonb[], $8::uuid[], $9::uuid[], $10::boolean[],
            $11::boolean[], $12::bigint[], $13::int[], $14::int[], $15::int[], $16::text[], $17::text[], $18::bigint[],
            $19::bigint[], $20::bigint[])
            AS l (app_ids, id, position, package_id, bundle_id, names, organisation_id, recipient_id, is_gift, is_preorder,
                  base, discount_percent, bundle_percent, promo_percent, region, price_version, final, reduced, price)
        """,
        order.id,
        [
            "{" + ",".join(map(str, line.app_ids)) + "}" for line in lines
        ],  # An array of arrays has rows of one length.
        *([getattr(line, field) for line in lines] for field in _LINE_FIELDS),
    )


async def claim(tx: Transaction, lines: Sequence[OrderLine]) -> list[UUID]:
    """Claim the packages of lines for those who will have them; returns the lines whose package was free.

    It waits for whoever is claiming the same at this moment; all claim in one order, so that none waits for another for ever.
    """
    rows = await tx.fetch(
        """
        INSERT INTO purchase_claims (account_id, package_id, line_id)
        SELECT account_id, package_id, line_id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS c (account_id, package_id, line_id)
        ORDER BY account_id, package_id
        ON CONFLICT DO NOTHING
        RETURNING line_id AS id
        """,
        [line.recipient_id for line in lines],
        [line.package_id for line in lines],
        [line.id for line in lines],
        into=_Id,
    )
    return [row.id for row in rows]


async def lock_orders_of(tx: Transaction, line_ids: Sequence[UUID]) -> list[Order]:
    """Return the orders that lines belong to; nobody else changes them until the end of the transaction."""
    return await tx.fetch(
        """
        SELECT * FROM orders WHERE id IN (SELECT order_id FROM order_lines WHERE id = ANY($1::uuid[]))
        ORDER BY id FOR NO KEY UPDATE
        """,
        list(line_ids),
        into=Order,
    )


async def update(tx: Transaction, order: Order) -> None:
    """Write what changes of a locked order."""
    await tx.execute(
        """
        UPDATE orders SET status = $2, paid_at = $3, fulfilled_at = $4, closed_at = $5, failure_code = $6, version = $7, payment_id = $8
        WHERE id = $1
        """,
        order.id,
        order.status,
        order.paid_at,
        order.fulfilled_at,
        order.closed_at,
        order.failure_code,
        order.version,
        order.payment_id,
    )


async def update_fulfilled(tx: Transaction, order_ids: Sequence[UUID], now: datetime) -> list[Order]:
    """Write that everything of these locked orders has been given, and is out, where that is so and was not written before."""
    return await tx.fetch(
        """
        UPDATE orders o
        SET fulfilled_at = $2, version = version + 1, status = CASE WHEN status = 'paid' THEN 'fulfilled' ELSE status END
        WHERE o.id = ANY($1::uuid[]) AND o.fulfilled_at IS NULL AND o.status IN ('paid', 'partially_refunded')
            AND NOT EXISTS (
                SELECT FROM order_lines l
                WHERE l.order_id = o.id AND l.refunded_at IS NULL
                    AND (l.licensed_at IS NULL OR (l.is_preorder AND l.delivered_at IS NULL))
            )
        RETURNING o.*
        """,
        list(order_ids),
        now,
        into=Order,
    )


async def release_claims_of_order(tx: Transaction, order_id: UUID) -> int:
    """Let the packages of an order be bought again."""
    return await tx.execute(
        "DELETE FROM purchase_claims WHERE line_id IN (SELECT id FROM order_lines WHERE order_id = $1)",
        order_id,
    )


async def release_claims(tx: Transaction, line_ids: Sequence[UUID]) -> int:
    """Let the packages of lines be bought again."""
    return await tx.execute("DELETE FROM purchase_claims WHERE line_id = ANY($1::uuid[])", list(line_ids))


async def mark_licensed(tx: Transaction, line_id: UUID, licence_id: UUID, now: datetime) -> bool:
    """Write that a line has its licence; returns whether that is new."""
    return bool(
        await tx.execute(
            "UPDATE order_lines SET licence_id = $2, licensed_at = $3 WHERE id = $1 AND licensed_at IS NULL",
            line_id,
            licence_id,
            now,
        )
    )


async def mark_delivered(tx: Transaction, line_ids: Sequence[UUID], now: datetime) -> list[OrderLine]:
    """Write that lines are given for good; returns those for which that is new, each order's together.

    What was taken back in whole, or is on its way back in whole, is not given.
    """
    return await tx.fetch(
        """
        WITH given AS (
            UPDATE order_lines l SET delivered_at = $2
            FROM orders o
            WHERE l.id = ANY($1::uuid[]) AND l.delivered_at IS NULL AND l.refunded_at IS NULL
                AND (l.final = 0 OR l.refund_pending + l.refunded < l.final)
                AND o.id = l.order_id AND o.status IN ('paid', 'fulfilled', 'partially_refunded')
            RETURNING l.*
        )
        SELECT * FROM given ORDER BY order_id, position
        """,
        list(line_ids),
        now,
        into=OrderLine,
    )


async def reserve(tx: Transaction, line_amounts: Mapping[UUID, int]) -> int:
    """Set parts of what was paid for lines aside; returns how many lines that were.

    Raises:
        RefundTooLarge: That is more than is left of one.
    """
    try:
        return await tx.execute(
            """
            UPDATE order_lines l SET refund_pending = l.refund_pending + r.amount
            FROM unnest($1::uuid[], $2::bigint[]) AS r (line_id, amount), orders o
            WHERE l.id = r.line_id AND l.refunded_at IS NULL AND (r.amount > 0 OR l.final = 0)
                AND o.id = l.order_id AND o.status IN ('paid', 'fulfilled', 'partially_refunded')
            """,
            list(line_amounts),
            list(line_amounts.values()),
        )
    except asyncpg.CheckViolationError as error:
        raise RefundTooLarge(str(error)) from error


async def unreserve(tx: Transaction, line_amounts: Mapping[UUID, int]) -> int:
    """Take back what was set aside; returns how many lines that were. A line with less set aside stays as it is."""
    return await tx.execute(
        """
        UPDATE order_lines l SET refund_pending = l.refund_pending - r.amount
        FROM unnest($1::uuid[], $2::bigint[]) AS r (line_id, amount)
        WHERE l.id = r.line_id AND l.refund_pending >= r.amount
        """,
        list(line_amounts),
        list(line_amounts.values()),
    )


async def settle(tx: Transaction, order_id: UUID, line_amounts: Mapping[UUID, int], now: datetime) -> int:
    """Write that what was set aside has gone back; returns how many lines that were.

    A line with less set aside, and a free line that was taken back before, stay as they are.
    """
    return await tx.execute(
        """
        UPDATE order_lines l
        SET refund_pending = l.refund_pending - r.amount, refunded = l.refunded + r.amount,
            refunded_at = CASE WHEN l.refunded + r.amount = l.final THEN $4::timestamptz END
        FROM unnest($2::uuid[], $3::bigint[]) AS r (line_id, amount)
        WHERE l.id = r.line_id AND l.order_id = $1 AND l.refund_pending >= r.amount AND l.refunded_at IS NULL
        """,
        order_id,
        list(line_amounts),
        list(line_amounts.values()),
        now,
    )


class _Id(msgspec.Struct, frozen=True):
    id: UUID
