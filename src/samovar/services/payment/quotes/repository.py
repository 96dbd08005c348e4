"""The SQL of quotes."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.quotes.domain import Quote

Reader = Database | Transaction


async def insert_quote(tx: Transaction, quote: Quote) -> None:
    """Keep a quote."""
    await tx.execute(
        """
        INSERT INTO quotes (id, account_id, country, currency, lines, promo_code_id, promo_code, subtotal, total, gift_days,
            priced_at, created_at, expires_at, signature)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """,
        quote.id,
        quote.account_id,
        quote.country,
        quote.currency,
        quote.lines,
        quote.promo_code_id,
        quote.promo_code,
        quote.subtotal,
        quote.total,
        quote.gift_days,
        quote.priced_at,
        quote.created_at,
        quote.expires_at,
        quote.signature,
    )


async def find_quote(reader: Reader, quote_id: UUID) -> Quote | None:
    """Return a quote."""
    return await reader.fetch_one("SELECT * FROM quotes WHERE id = $1", quote_id, into=Quote)


async def lock_quote(tx: Transaction, quote_id: UUID) -> Quote | None:
    """Return a quote that nobody else can take until this transaction ends."""
    return await tx.fetch_one("SELECT * FROM quotes WHERE id = $1 FOR NO KEY UPDATE", quote_id, into=Quote)


async def mark_taken(tx: Transaction, quote_id: UUID, now: datetime) -> None:
    """Keep that an order is made of a quote."""
    await tx.execute("UPDATE quotes SET taken_at = $2 WHERE id = $1", quote_id, now)


async def delete_expired(tx: Transaction, before: datetime, limit: int) -> int:
    """Forget quotes that nobody took in time, and return how many."""
    return await tx.execute(
        """
        DELETE FROM quotes WHERE id IN (
            SELECT id FROM quotes WHERE taken_at IS NULL AND expires_at < $1 ORDER BY expires_at LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        """,
        before,
        limit,
    )


class _Claim(msgspec.Struct, frozen=True):
    account_id: UUID
    package_id: UUID


async def find_claims(reader: Reader, pairs: Collection[tuple[UUID, UUID]]) -> frozenset[tuple[UUID, UUID]]:
    """Return which of these pairs of account and package are being bought, or were."""
    rows = await reader.fetch(
        """
        SELECT account_id, package_id FROM purchase_claims
        WHERE (account_id, package_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
        """,
        [account_id for account_id, _ in pairs],
        [package_id for _, package_id in pairs],
        into=_Claim,
    )
    return frozenset((row.account_id, row.package_id) for row in rows)


class Differing(msgspec.Struct, frozen=True):
    """An order that is not what was quoted."""

    order_id: UUID
    total: int
    quoted: int | None


async def orders_beside_quotes(database: Database, limit: int) -> list[Differing]:
    """Return orders that cost something else than their quote says, or were made of one that nobody took."""
    return await database.fetch(
        """
        SELECT o.id AS order_id, o.total, CASE WHEN q.taken_at IS NOT NULL THEN q.total END AS quoted
        FROM orders o JOIN quotes q ON q.id = o.quote_id
        WHERE q.total <> o.total OR q.currency <> o.currency OR q.account_id <> o.account_id OR q.taken_at IS NULL
        LIMIT $1
        """,
        limit,
        into=Differing,
    )
