"""The SQL of sales."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.catalog.prices.repository import Reader
from samovar.services.catalog.prices.sales.schemas import Sale


class SaleKey(msgspec.Struct, frozen=True):
    """By what the list of sales is sorted."""

    starts_at: datetime
    id: UUID


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """A discount of a sale."""

    id: UUID
    package_id: UUID
    app_id: UUID
    starts_at: datetime


async def find_sale(reader: Reader, sale_id: UUID) -> Sale | None:
    """Return a sale."""
    return await reader.fetch_one(
        "SELECT id, slug, names, starts_at, ends_at, join_until, canceled_at, version FROM sales WHERE id = $1",
        sale_id,
        into=Sale,
    )


async def hold_sale(tx: Transaction, sale_id: UUID, *, for_change: bool) -> None:
    """Let nobody change a sale until the end of the transaction; for a change, let nobody join it either."""
    if for_change:
        await tx.execute("SELECT FROM sales WHERE id = $1 FOR UPDATE", sale_id)
    else:
        await tx.execute("SELECT FROM sales WHERE id = $1 FOR SHARE", sale_id)


async def list_sales(reader: Reader, now: datetime, after: SaleKey | None, limit: int) -> list[Sale]:
    """Return the sales that hold or are to come, the next one first."""
    return await reader.fetch(
        """
        SELECT id, slug, names, starts_at, ends_at, join_until, canceled_at, version FROM sales
        WHERE canceled_at IS NULL AND ends_at > $1
          AND ($2::timestamptz IS NULL OR (starts_at, id) > ($2, $3::uuid))
        ORDER BY starts_at, id LIMIT $4
        """,
        now,
        after.starts_at if after else None,
        after.id if after else None,
        limit,
        into=Sale,
    )


async def add_sale(tx: Transaction, sale: Sale, now: datetime) -> None:
    """Write a new sale.

    Raises:
        asyncpg.UniqueViolationError: Another one has its slug.
    """
    await tx.execute(
        """
        INSERT INTO sales (id, slug, names, starts_at, ends_at, join_until, version, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        sale.id,
        sale.slug,
        msgspec.to_builtins(sale.names),
        sale.starts_at,
        sale.ends_at,
        sale.join_until,
        sale.version,
        now,
    )


async def save_sale(tx: Transaction, sale: Sale) -> None:
    """Keep a sale as it is now."""
    await tx.execute(
        """
        UPDATE sales SET names = $2, starts_at = $3, ends_at = $4, join_until = $5, canceled_at = $6, version = $7
        WHERE id = $1
        """,
        sale.id,
        msgspec.to_builtins(sale.names),
        sale.starts_at,
        sale.ends_at,
        sale.join_until,
        sale.canceled_at,
        sale.version,
    )


async def has_joined(reader: Reader, sale_id: UUID) -> bool:
    """Return whether a package is in the sale."""
    return bool(
        await reader.fetch_value(
            "SELECT EXISTS (SELECT FROM discounts WHERE sale_id = $1 AND ended_at IS NULL)", sale_id
        )
    )


async def lock_joined(tx: Transaction, sale_id: UUID, now: datetime) -> list[Joined]:
    """Return the discounts of a sale that hold or are to come, and let nobody else change their packages' prices."""
    await tx.execute(
        """
        SELECT FROM packages WHERE id IN (SELECT package_id FROM discounts WHERE sale_id = $1) ORDER BY id
        FOR NO KEY UPDATE
        """,
        sale_id,
    )
    return await tx.fetch(
        """
        SELECT d.id, d.package_id, p.app_id, d.starts_at
        FROM discounts d JOIN packages p ON p.id = d.package_id
        WHERE d.sale_id = $1 AND d.ended_at IS NULL AND d.ends_at > $2
        ORDER BY d.id
        """,
        sale_id,
        now,
        into=Joined,
    )


async def end_joined(tx: Transaction, discount_ids: Sequence[UUID], now: datetime) -> None:
    """Call discounts of a sale off."""
    await tx.execute(
        "UPDATE discounts SET ended_at = $2, start_told = true, end_told = true WHERE id = ANY($1)",
        list(discount_ids),
        now,
    )


async def note_version(tx: Transaction, sale: Sale, account_id: UUID, now: datetime) -> None:
    """Keep what a sale is from now on, and who made it so."""
    await tx.execute(
        "INSERT INTO sale_versions (sale_id, version, document, account_id, changed_at) VALUES ($1, $2, $3, $4, $5)",
        sale.id,
        sale.version,
        sale,
        account_id,
        now,
    )
