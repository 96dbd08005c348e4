"""The SQL of reports."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.developer.reports.schemas import Grouping, SalesRow
from samovar.services.payment.contract.revenue_events import SalesChange

_AMOUNTS = (
    "units",
    "gross",
    "tax",
    "commission",
    "developer",
    "refunded_units",
    "refunds",
    "refunded_tax",
    "refunded_commission",
    "refunded_developer",
)
_COLUMNS = ", ".join(_AMOUNTS)
_ADDED = ", ".join(f"{name} = d.{name} + excluded.{name}" for name in _AMOUNTS)
_TYPED = ", ".join(f"{name} bigint" for name in _AMOUNTS)


async def add_sales(tx: Transaction, changes: Sequence[SalesChange], now: datetime) -> None:
    """Add to what was sold, and note packages that nobody has seen here."""
    await tx.execute(
        f"""
        INSERT INTO sales_days AS d (organisation_id, package_id, day, country, currency, {_COLUMNS})
        SELECT organisation_id, package_id, day, country, currency, {_COLUMNS}
        FROM jsonb_to_recordset($1) AS n (organisation_id uuid, package_id uuid, day date, country text, currency text, {_TYPED})
        ORDER BY organisation_id, package_id, day, country, currency
        ON CONFLICT (organisation_id, package_id, day, country, currency) DO UPDATE SET {_ADDED}
        """,  # noqa: S608  constants of this file
        list(changes),
    )
    await tx.execute(
        """
        INSERT INTO sold_packages (package_id, next_ask_at)
        SELECT DISTINCT package_id, $2::timestamptz FROM unnest($1::uuid[]) AS package_id ORDER BY package_id
        ON CONFLICT (package_id) DO NOTHING
        """,
        [change.package_id for change in changes],
        now,
    )


async def claim_unknown_packages(
    tx: Transaction, now: datetime, *, again_in: timedelta, limit: int
) -> list[UUID]:
    """Return packages of which catalog is to be asked now; until `again_in` nobody else asks."""
    ids = await tx.fetch_value(
        """
        WITH due AS (
            SELECT package_id FROM sold_packages WHERE app_id IS NULL AND next_ask_at <= $1
            ORDER BY next_ask_at LIMIT $3 FOR UPDATE SKIP LOCKED
        ), put_off AS (
            UPDATE sold_packages p SET next_ask_at = $1 + $2 FROM due WHERE p.package_id = due.package_id RETURNING p.package_id
        )
        SELECT coalesce(array_agg(package_id), '{}') FROM put_off
        """,
        now,
        again_in,
        limit,
    )
    return list(ids)


async def put_packages(tx: Transaction, apps: Mapping[UUID, UUID]) -> None:
    """Note on the pages of which apps packages are offered."""
    await tx.execute(
        """
        UPDATE sold_packages p SET app_id = n.app_id
        FROM unnest($1::uuid[], $2::uuid[]) AS n (package_id, app_id) WHERE p.package_id = n.package_id
        """,
        list(apps),
        list(apps.values()),
    )


async def sum_sales(
    database: Database,
    *,
    organisation_id: UUID,
    app_id: UUID,
    since: date,
    until: date,
    by: Collection[Grouping],
    limit: int,
) -> list[SalesRow]:
    """Return what an organisation sold of what is offered on the page of an app."""
    day = "d.day" if "day" in by else "date_trunc('month', d.day)::date" if "month" in by else "NULL::date"
    country = "d.country" if "country" in by else "NULL::text"
    package = "d.package_id" if "package" in by else "NULL::uuid"
    return await database.fetch(
        f"""
        SELECT {day} AS day, {country} AS country, {package} AS package_id, d.currency,
               sum(units)::bigint AS units, sum(gross)::bigint AS gross,
               sum(refunded_units)::bigint AS refunded_units, sum(refunds)::bigint AS refunds,
               sum(tax - refunded_tax)::bigint AS tax, sum(commission - refunded_commission)::bigint AS commission,
               sum(developer - refunded_developer)::bigint AS net
        FROM sales_days d JOIN sold_packages p ON p.package_id = d.package_id
        WHERE d.organisation_id = $1 AND p.app_id = $2 AND d.day BETWEEN $3 AND $4
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT $5
        """,  # noqa: S608  constants of this function
        organisation_id,
        app_id,
        since,
        until,
        limit,
        into=SalesRow,
    )
