"""SQL of the checks of revenue; each statement reads a slice."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction


class SplitSale(msgspec.Struct, frozen=True, kw_only=True):
    """A sale that is split, with the rules that it names."""

    line_id: UUID
    seq: int
    currency: str
    gross: int
    early: int
    delivered_at: datetime
    tier_version: int
    basis_before: int
    vat_regime: str
    vat_percent: int
    tax: int
    commission: int
    developer: int
    reversed_tax: int
    reversed_commission: int
    reversed_developer: int
    sum_tax: int
    sum_commission: int
    sum_developer: int
    sum_early: int


class Reversed(msgspec.Struct, frozen=True, kw_only=True):
    """What a refund took of a line."""

    refund_id: UUID
    line_id: UUID
    amount: int
    is_early: bool
    tax: int
    commission: int
    from_payable: int
    from_reserve: int
    from_debt: int


class Moved(msgspec.Struct, frozen=True):
    """A transfer and what it moved."""

    id: UUID
    amount: int


class WrongOwner(msgspec.Struct, frozen=True, kw_only=True):
    """An owner whose sums are not those of their sales."""

    owner: str
    currency: str
    detail: str


async def split_sales(reader: Database | Transaction, after_seq: int, limit: int) -> list[SplitSale]:
    """Return split sales in their order, each with the sums of its refunds."""
    return await reader.fetch(
        """
        SELECT s.*, coalesce(r.tax, 0) AS sum_tax, coalesce(r.commission, 0) AS sum_commission,
            coalesce(r.developer, 0) AS sum_developer, coalesce(r.early, 0) AS sum_early
        FROM (SELECT * FROM sales WHERE seq > $1 AND split_at IS NOT NULL ORDER BY seq LIMIT $2) s
        LEFT JOIN LATERAL (
            SELECT sum(tax)::bigint AS tax, sum(commission)::bigint AS commission, sum(developer)::bigint AS developer,
                sum(amount) FILTER (WHERE is_early)::bigint AS early
            FROM sale_reversals WHERE line_id = s.line_id) r ON true
        ORDER BY s.seq
        """,
        after_seq,
        limit,
        into=SplitSale,
    )


async def reversals(reader: Database | Transaction, after: tuple[UUID, UUID], limit: int) -> list[Reversed]:
    """Return what refunds took, in the order of their ids."""
    return await reader.fetch(
        "SELECT * FROM sale_reversals WHERE (refund_id, line_id) > ($1, $2) ORDER BY refund_id, line_id LIMIT $3",
        *after,
        limit,
        into=Reversed,
    )


async def moved(reader: Database | Transaction, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return what transfers moved, by their ids."""
    rows = await reader.fetch("SELECT id, amount FROM ledger_transfers WHERE id = ANY($1)", ids, into=Moved)
    return {row.id: row.amount for row in rows}


async def wrong_owners(reader: Database | Transaction, limit: int) -> list[WrongOwner]:
    """Return owners whose sums are not those of their sales, or whose reserve is more than what is kept back for it."""
    return await reader.fetch(
        """
        WITH sold AS (
            SELECT owner, currency, sum(tax) AS tax, sum(commission) AS commission, sum(developer) AS developer,
                sum(reversed_tax) AS reversed_tax, sum(reversed_commission) AS reversed_commission,
                sum(reversed_developer) AS reversed_developer
            FROM sales WHERE split_at IS NOT NULL GROUP BY owner, currency
        ), kept AS (
            SELECT owner, currency, sum(amount) AS amount FROM reserve_holds WHERE released_at IS NULL GROUP BY owner, currency
        ), owed AS (
            SELECT a.owner, a.currency, b.credits_posted - b.debits_posted AS amount FROM ledger_accounts a
            JOIN ledger_balances b ON b.account_id = a.id WHERE a.kind = 'reserve'
        ), owing AS (
            SELECT a.owner, a.currency, sum(CASE WHEN t.debit_account_id = a.id THEN t.amount ELSE -t.amount END) AS amount
            FROM ledger_accounts a JOIN ledger_transfers t ON a.id IN (t.debit_account_id, t.credit_account_id)
            WHERE a.kind = 'debt' GROUP BY a.owner, a.currency
        )
        SELECT o.owner, o.currency, format('kept here %s, of its sales %s; debt %s, in the ledger %s; reserve %s, kept back %s',
            (o.tax, o.commission, o.developer, o.reversed_tax, o.reversed_commission, o.reversed_developer, o.basis),
            (s.tax, s.commission, s.developer, s.reversed_tax, s.reversed_commission, s.reversed_developer),
            o.debt, coalesce(g.amount, 0), coalesce(w.amount, 0), coalesce(k.amount, 0)) AS detail
        FROM revenue_owners o LEFT JOIN sold s USING (owner, currency) LEFT JOIN kept k USING (owner, currency)
        LEFT JOIN owed w USING (owner, currency) LEFT JOIN owing g USING (owner, currency)
        WHERE (o.tax, o.commission, o.developer, o.reversed_tax, o.reversed_commission, o.reversed_developer)
                IS DISTINCT FROM (coalesce(s.tax, 0), coalesce(s.commission, 0), coalesce(s.developer, 0),
                    coalesce(s.reversed_tax, 0), coalesce(s.reversed_commission, 0), coalesce(s.reversed_developer, 0))
            OR o.basis <> o.commission + o.developer - o.reversed_commission - o.reversed_developer
            OR o.debt <> coalesce(g.amount, 0) OR coalesce(w.amount, 0) > coalesce(k.amount, 0)
        ORDER BY o.owner LIMIT $1
        """,
        limit,
        into=WrongOwner,
    )
