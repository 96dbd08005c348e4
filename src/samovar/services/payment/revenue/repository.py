"""SQL of revenue: sales, their splits and reversals, tiers, what is kept back. All by sets."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.revenue.domain import Parts, TierTable, owner_of
from samovar.services.payment.revenue.schemas import LineSplit


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """A sale as it is kept."""

    line_id: UUID
    owner: str
    currency: str
    gross: int
    early: int
    delivered_at: datetime | None
    split_at: datetime | None
    tax: int | None
    commission: int | None
    developer: int | None
    reversed_tax: int
    reversed_commission: int
    reversed_developer: int

    @property
    def parts_left(self) -> Parts:
        """Return what is left of each part."""
        return Parts(
            (self.tax or 0) - self.reversed_tax,
            (self.commission or 0) - self.reversed_commission,
            (self.developer or 0) - self.reversed_developer,
        )

    @property
    def left(self) -> int:
        """Return what may still be given back."""
        return self.gross - self.early if self.split_at is None else self.parts_left.total


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """How a sale was divided, and by which rules."""

    line_id: UUID
    tier_version: int
    basis_before: int
    vat_regime: str
    vat_percent: int
    parts: Parts


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Where an owner stands."""

    owner: str
    currency: str
    basis: int
    debt: int


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch adds to what an owner has sold, and what it owes after it."""

    owner: str
    currency: str
    debt: int
    parts: Parts


class Earned(msgspec.Struct, frozen=True, kw_only=True):
    """What an owner has sold, given back and earned in one currency, in all."""

    currency: str
    basis: int
    debt: int
    gross: int
    tax: int
    commission: int
    developer: int
    reversed_tax: int
    reversed_commission: int
    reversed_developer: int


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What was sold by a line, and by the prices of which country."""

    line_id: UUID
    package_id: UUID
    country: str


class _Amount(msgspec.Struct, frozen=True):
    owner: str
    amount: int


class Reversal(msgspec.Struct, frozen=True, kw_only=True):
    """What one refund took of one line, and where from."""

    refund_id: UUID
    line_id: UUID
    amount: int
    is_early: bool
    tax: int
    commission: int
    developer: int
    from_payable: int
    from_reserve: int
    from_debt: int
    reversed_at: datetime


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Money kept back until its day."""

    id: UUID
    owner: str
    currency: str
    amount: int


_SALE = """line_id, owner, currency, gross, early, delivered_at, split_at, tax, commission, developer,
    reversed_tax, reversed_commission, reversed_developer"""


async def record_sales(
    tx: Transaction, order: Order, lines: Sequence[OrderLine], *, delivered_at: datetime
) -> None:
    """Write delivered lines, or note of those that a refund wrote before that they are delivered now."""
    await tx.execute(
        """
        INSERT INTO sales (line_id, order_id, owner, package_id, currency, gross, delivered_at, seq)
        SELECT line_id, $2, owner, package_id, $3, gross, $4, nextval('sales_seq')
        FROM unnest($1::uuid[], $5::text[], $6::uuid[], $7::bigint[]) AS sold (line_id, owner, package_id, gross)
        ORDER BY line_id
        ON CONFLICT (line_id) DO UPDATE SET delivered_at = excluded.delivered_at, seq = excluded.seq
            WHERE sales.delivered_at IS NULL
        """,
        [line.id for line in lines],
        order.id,
        order.currency,
        delivered_at,
        [owner_of(line.organisation_id) for line in lines],
        [line.package_id for line in lines],
        [line.final for line in lines],
    )


async def put_sale(tx: Transaction, order: Order, line: OrderLine) -> None:
    """Write a line that is not delivered, unless it is there."""
    await tx.execute(
        """
        INSERT INTO sales (line_id, order_id, owner, package_id, currency, gross) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (line_id) DO NOTHING
        """,
        line.id,
        order.id,
        owner_of(line.organisation_id),
        line.package_id,
        order.currency,
        line.final,
    )


async def lock_sales_of(tx: Transaction, order_id: UUID) -> dict[UUID, Sale]:
    """Return all sales of an order, locked."""
    rows = await tx.fetch(
        f"SELECT {_SALE} FROM sales WHERE order_id = $1 ORDER BY line_id FOR UPDATE",  # noqa: S608  a constant
        order_id,
        into=Sale,
    )
    return {row.line_id: row for row in rows}


async def lock_unsplit(tx: Transaction, limit: int) -> list[Sale]:
    """Return the oldest sales that wait, locked; one that a refund has in hand waits for the next time."""
    return await tx.fetch(
        f"""
        SELECT {_SALE} FROM sales WHERE delivered_at IS NOT NULL AND split_at IS NULL
        ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED
        """,  # noqa: S608  a constant of this file
        limit,
        into=Sale,
    )


async def places_of_sales(tx: Transaction, line_ids: Sequence[UUID]) -> dict[UUID, Place]:
    """Return what was sold by these lines, and where."""
    rows = await tx.fetch(
        "SELECT line_id, package_id, country FROM sales s JOIN orders o ON o.id = s.order_id WHERE line_id = ANY($1)",
        list(line_ids),
        into=Place,
    )
    return {row.line_id: row for row in rows}


async def lock_owners(tx: Transaction, owners: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Owner]:
    """Return owners with their currencies, locked in their order; one that is new begins at nothing."""
    rows = await tx.fetch(
        """
        INSERT INTO revenue_owners AS o (owner, currency)
        SELECT owner, currency FROM unnest($1::text[], $2::text[]) AS named (owner, currency) ORDER BY owner, currency
        ON CONFLICT (owner, currency) DO UPDATE SET owner = o.owner
        RETURNING owner, currency, basis, debt
        """,
        [owner for owner, _ in owners],
        [currency for _, currency in owners],
        into=Owner,
    )
    return {(row.owner, row.currency): row for row in rows}


async def grow_owners(tx: Transaction, grown: Sequence[Growth]) -> None:
    """Add what locked owners have sold now."""
    await tx.execute(
        """
        UPDATE revenue_owners o SET basis = o.basis + n.commission + n.developer, debt = n.debt, tax = o.tax + n.tax,
            gross = o.gross + n.tax + n.commission + n.developer, commission = o.commission + n.commission,
            developer = o.developer + n.developer
        FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
            AS n (owner, currency, debt, tax, commission, developer)
        WHERE o.owner = n.owner AND o.currency = n.currency
        """,
        [one.owner for one in grown],
        [one.currency for one in grown],
        [one.debt for one in grown],
        [one.parts.tax for one in grown],
        [one.parts.commission for one in grown],
        [one.parts.developer for one in grown],
    )


async def earned_since(
    reader: Database | Transaction, owners: Sequence[str], currency: str, since: datetime
) -> dict[str, int]:
    """Return what developers earned by sales delivered since then, less what was given back."""
    rows = await reader.fetch(
        """
        SELECT owner, sum(developer - reversed_developer)::bigint AS amount FROM sales
        WHERE owner = ANY($1) AND currency = $2 AND delivered_at >= $3 AND split_at IS NOT NULL GROUP BY owner
        """,
        owners,
        currency,
        since,
        into=_Amount,
    )
    return {row.owner: row.amount for row in rows}


async def earned_since_by_currency(
    reader: Database | Transaction, owner: str, since: datetime
) -> dict[str, int]:
    """Return what an owner earned by sales delivered since then, less what was given back, in each currency."""
    rows = await reader.fetch(
        """
        SELECT currency AS owner, sum(developer - reversed_developer)::bigint AS amount FROM sales
        WHERE owner = $1 AND delivered_at >= $2 AND split_at IS NOT NULL GROUP BY currency
        """,
        owner,
        since,
        into=_Amount,
    )
    return {row.owner: row.amount for row in rows}


async def find_earned(reader: Database | Transaction, owner: str) -> list[Earned]:
    """Return what an owner has earned in each currency."""
    return await reader.fetch(
        "SELECT * FROM revenue_owners WHERE owner = $1 ORDER BY currency", owner, into=Earned
    )


async def write_splits(tx: Transaction, splits: Sequence[Split], now: datetime) -> None:
    """Write how sales were divided."""
    await tx.execute(
        """
        UPDATE sales s SET split_at = $9, tier_version = n.tier_version, basis_before = n.basis_before, vat_regime = n.vat_regime,
            vat_percent = n.vat_percent, tax = n.tax, commission = n.commission, developer = n.developer
        FROM unnest($1::uuid[], $2::int[], $3::bigint[], $4::text[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[])
            AS n (line_id, tier_version, basis_before, vat_regime, vat_percent, tax, commission, developer)
        WHERE s.line_id = n.line_id
        """,
        [one.line_id for one in splits],
        [one.tier_version for one in splits],
        [one.basis_before for one in splits],
        [one.vat_regime for one in splits],
        [one.vat_percent for one in splits],
        [one.parts.tax for one in splits],
        [one.parts.commission for one in splits],
        [one.parts.developer for one in splits],
        now,
    )


async def add_holds(tx: Transaction, holds: Sequence[Hold], *, kept_at: datetime, due_at: datetime) -> None:
    """Write what is kept back."""
    await tx.execute(
        """
        INSERT INTO reserve_holds (id, owner, currency, amount, kept_at, due_at)
        SELECT *, $5, $6 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[])
        """,
        [hold.id for hold in holds],
        [hold.owner for hold in holds],
        [hold.currency for hold in holds],
        [hold.amount for hold in holds],
        kept_at,
        due_at,
    )


async def find_due_holds(reader: Database | Transaction, now: datetime, limit: int) -> list[Hold]:
    """Return what is kept back and due, the oldest first."""
    return await reader.fetch(
        """
        SELECT id, owner, currency, amount FROM reserve_holds WHERE released_at IS NULL AND due_at <= $1
        ORDER BY due_at, id LIMIT $2
        """,
        now,
        limit,
        into=Hold,
    )


async def lock_holds(tx: Transaction, ids: Sequence[UUID]) -> list[Hold]:
    """Return those that are still kept back, locked, the oldest first."""
    return await tx.fetch(
        """
        SELECT id, owner, currency, amount FROM reserve_holds WHERE id = ANY($1) AND released_at IS NULL
        ORDER BY due_at, id FOR UPDATE
        """,
        ids,
        into=Hold,
    )


async def release_holds(tx: Transaction, released: dict[UUID, int], now: datetime) -> None:
    """Note what came back of each."""
    await tx.execute(
        """
        UPDATE reserve_holds h SET released_at = $3, released = n.released
        FROM unnest($1::uuid[], $2::bigint[]) AS n (id, released) WHERE h.id = n.id
        """,
        list(released),
        list(released.values()),
        now,
    )


async def find_reversal(tx: Transaction, refund_id: UUID, line_id: UUID) -> Reversal | None:
    """Return what a refund took of a line."""
    return await tx.fetch_one(
        "SELECT * FROM sale_reversals WHERE refund_id = $1 AND line_id = $2",
        refund_id,
        line_id,
        into=Reversal,
    )


async def add_reversal(tx: Transaction, reversal: Reversal, *, sale: Sale) -> None:
    """Write what a refund took, and take it off the sale and of what its owner has earned."""
    await tx.execute(
        """
        WITH sold AS (
            UPDATE sales SET early = early + CASE WHEN $4 THEN $3 ELSE 0 END, reversed_tax = reversed_tax + $5,
                reversed_commission = reversed_commission + $6, reversed_developer = reversed_developer + $7
            WHERE line_id = $2
        ), owned AS (
            UPDATE revenue_owners SET basis = basis - $6 - $7, debt = debt + $10, reversed_tax = reversed_tax + $5,
                reversed_commission = reversed_commission + $6, reversed_developer = reversed_developer + $7
            WHERE owner = $12 AND currency = $13 AND NOT $4
        )
        INSERT INTO sale_reversals VALUES ($1, $2, $3::bigint, $4::boolean, $5::bigint, $6::bigint, $7::bigint, $8, $9, $10::bigint, $11)
        """,
        *msgspec.structs.astuple(reversal),
        sale.owner,
        sale.currency,
    )


async def find_splits(reader: Database | Transaction, line_ids: Sequence[UUID]) -> list[LineSplit]:
    """Return what became of the money of lines."""
    return await reader.fetch(
        "SELECT * FROM sales WHERE line_id = ANY($1) AND delivered_at IS NOT NULL", line_ids, into=LineSplit
    )


async def tier_tables(reader: Database | Transaction) -> list[TierTable]:
    """Return every version of the tiers."""
    return await reader.fetch(
        "SELECT version, currency, valid_from, tiers FROM tier_tables ORDER BY version", into=TierTable
    )
