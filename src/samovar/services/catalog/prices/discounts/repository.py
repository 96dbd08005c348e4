"""The SQL of discounts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.catalog.prices.domain import DiscountKind
from samovar.services.catalog.prices.repository import DiscountRow, Reader


class NewDiscount(msgspec.Struct, frozen=True, kw_only=True):
    """A discount as it is written."""

    id: UUID
    package_id: UUID
    kind: DiscountKind
    percent: int
    starts_at: datetime
    ends_at: datetime
    sale_id: UUID | None
    rules_version: int
    account_id: UUID | None
    created_at: datetime


class Row(DiscountRow, frozen=True, kw_only=True):
    """A discount, and how it was granted."""

    sale_id: UUID | None
    rules_version: int
    created_at: datetime


class DiscountKey(msgspec.Struct, frozen=True):
    """By what a list of discounts is sorted."""

    starts_at: datetime
    id: UUID


async def add_discounts(tx: Transaction, discounts: Sequence[NewDiscount]) -> None:
    """Write discounts.

    Raises:
        asyncpg.ExclusionViolationError: Two would hold at once.
    """
    await tx.execute(
        """
        INSERT INTO discounts (id, package_id, kind, percent, starts_at, ends_at, sale_id, rules_version, account_id, created_at)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[], $5::timestamptz[], $6::timestamptz[],
                             $7::uuid[], $8::smallint[], $9::uuid[], $10::timestamptz[])
        """,
        *[[getattr(one, field) for one in discounts] for field in NewDiscount.__struct_fields__],
    )


_COLUMNS = """
    d.id, d.package_id, d.kind, d.percent, d.starts_at, d.ends_at, d.ended_at, d.sale_id, d.rules_version, d.created_at,
    (SELECT (v.rules ->> 'rest_days_after_release')::int FROM discount_rules v WHERE v.version = d.rules_version) AS rest_days
"""


async def find_of_app(reader: Reader, app_id: UUID, after: DiscountKey | None, limit: int) -> list[Row]:
    """Return the discounts on the packages of a page, the latest first."""
    return await reader.fetch(
        f"""
        SELECT {_COLUMNS}
        FROM discounts d JOIN packages p ON p.id = d.package_id
        WHERE p.app_id = $1 AND ($2::timestamptz IS NULL OR (d.starts_at, d.id) < ($2, $3::uuid))
        ORDER BY d.starts_at DESC, d.id DESC LIMIT $4
        """,  # noqa: S608  a constant
        app_id,
        after.starts_at if after else None,
        after.id if after else None,
        limit,
        into=Row,
    )


async def find_one(reader: Reader, app_id: UUID, discount_id: UUID) -> Row | None:
    """Return a discount on a package of a page."""
    return await reader.fetch_one(
        f"SELECT {_COLUMNS} FROM discounts d JOIN packages p ON p.id = d.package_id WHERE d.id = $1 AND p.app_id = $2",  # noqa: S608  a constant
        discount_id,
        app_id,
        into=Row,
    )


async def end_discounts(tx: Transaction, discount_ids: Sequence[UUID], ended_at: datetime) -> None:
    """Call discounts off at this moment; others are told by whoever calls."""
    await tx.execute(
        """
        UPDATE discounts SET ended_at = $2, start_told = true, end_told = true
        WHERE id = ANY($1) AND ended_at IS NULL
        """,
        list(discount_ids),
        ended_at,
    )


async def note_ends(
    tx: Transaction, discount_ids: Sequence[UUID], account_id: UUID | None, ended_at: datetime
) -> None:
    """Keep who called discounts off; none: an import."""
    await tx.execute(
        """
        INSERT INTO discount_ends (discount_id, account_id, ended_at) SELECT id, $2, $3 FROM unnest($1::uuid[]) AS id
        ON CONFLICT DO NOTHING
        """,
        list(discount_ids),
        account_id,
        ended_at,
    )
