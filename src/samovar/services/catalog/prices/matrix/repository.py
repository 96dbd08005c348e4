"""The SQL of price matrices."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction


class NewBase(msgspec.Struct, frozen=True, kw_only=True):
    """A base price as it is written."""

    id: UUID
    package_id: UUID
    region: str
    amount: int | None
    currency: str
    since: datetime
    until: datetime | None = None
    is_raised: bool = False
    account_id: UUID | None = None


async def close_bases(
    tx: Transaction, package_ids: Sequence[UUID], regions: Sequence[str], until: Sequence[datetime]
) -> None:
    """End the prices that hold in these regions of these packages, one for one."""
    await tx.execute(
        """
        UPDATE base_prices b SET until = closed.until
        FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS closed (package_id, region, until)
        WHERE b.package_id = closed.package_id AND b.region = closed.region AND b.until IS NULL
        """,
        list(package_ids),
        list(regions),
        list(until),
    )


async def add_bases(tx: Transaction, bases: Sequence[NewBase]) -> None:
    """Write base prices that follow those that were closed."""
    await tx.execute(
        """
        INSERT INTO base_prices (id, package_id, region, amount, currency, since, until, is_raised, account_id)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[],
                             $7::timestamptz[], $8::boolean[], $9::uuid[])
        """,
        *[[getattr(base, field) for base in bases] for field in NewBase.__struct_fields__],
    )
