"""SQL of acts: what happened in a month, and the acts themselves."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payouts.domain import Payout
from samovar.services.payment.payouts.statements.schemas import Document, Movement, SoldPackage


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Whose sales, in which currency, from when until before when."""

    owner: str
    currency: str
    begins_at: datetime
    ends_at: datetime


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An act as it is kept."""

    organisation_id: UUID
    currency: str
    period: date
    number: int
    document: Document
    issued_at: datetime


class Wanting(msgspec.Struct, frozen=True, kw_only=True):
    """Who has no act of a month yet."""

    organisation_id: UUID
    currency: str


class RegisterLine(Payout, frozen=True, kw_only=True):
    """A payout with the details it goes to."""

    details: Any


async def sold_in(reader: Database | Transaction, span: Span, limit: int) -> list[SoldPackage]:
    """Return what was sold, package by package."""
    return await reader.fetch(
        """
        SELECT s.package_id, max(coalesce(l.names ->> 'ru', l.names ->> 'en', '')) AS name, count(*) AS count,
            sum(s.gross - s.early)::bigint AS gross, sum(s.tax)::bigint AS tax, sum(s.commission)::bigint AS commission,
            sum(s.developer)::bigint AS developer
        FROM sales s JOIN order_lines l ON l.id = s.line_id
        WHERE s.owner = $1 AND s.currency = $2 AND s.split_at >= $3 AND s.split_at < $4 AND s.gross > s.early
        GROUP BY s.package_id ORDER BY sum(s.gross - s.early) DESC, s.package_id LIMIT $5
        """,
        *msgspec.structs.astuple(span),
        limit,
        into=SoldPackage,
    )


async def refunded_in(reader: Database | Transaction, span: Span, limit: int) -> list[SoldPackage]:
    """Return what was given back, package by package."""
    return await reader.fetch(
        """
        SELECT s.package_id, max(coalesce(l.names ->> 'ru', l.names ->> 'en', '')) AS name, count(*) AS count,
            sum(r.amount)::bigint AS gross, sum(r.tax)::bigint AS tax, sum(r.commission)::bigint AS commission,
            sum(r.developer)::bigint AS developer
        FROM sale_reversals r JOIN sales s USING (line_id) JOIN order_lines l ON l.id = s.line_id
        WHERE s.owner = $1 AND s.currency = $2 AND r.reversed_at >= $3 AND r.reversed_at < $4 AND NOT r.is_early
        GROUP BY s.package_id ORDER BY sum(r.amount) DESC, s.package_id LIMIT $5
        """,
        *msgspec.structs.astuple(span),
        limit,
        into=SoldPackage,
    )


async def movements_in(reader: Database | Transaction, account_id: UUID, span: Span) -> list[Movement]:
    """Return what changed an account, by the reason."""
    return await reader.fetch(
        """
        SELECT code, sum(CASE WHEN credit_account_id = $1 THEN amount ELSE -amount END)::bigint AS amount FROM ledger_transfers
        WHERE (credit_account_id = $1 OR debit_account_id = $1) AND kind IN ('posted', 'post') AND created_at >= $2 AND created_at < $3
        GROUP BY code ORDER BY code
        """,
        account_id,
        span.begins_at,
        span.ends_at,
        into=Movement,
    )


async def balance_at(reader: Database | Transaction, account_id: UUID, before: datetime) -> int:
    """Return what an account held before a moment."""
    value: int = await reader.fetch_value(
        """
        SELECT coalesce(sum(CASE WHEN credit_account_id = $1 THEN amount ELSE -amount END), 0)::bigint FROM ledger_transfers
        WHERE (credit_account_id = $1 OR debit_account_id = $1) AND kind IN ('posted', 'post') AND created_at < $2
        """,
        account_id,
        before,
    )
    return value


async def add_statement(
    tx: Transaction, organisation_id: UUID, currency: str, period: date, document: Document, now: datetime
) -> None:
    """Write an act, unless there is one."""
    await tx.execute(
        """
        INSERT INTO statements (organisation_id, currency, period, document, issued_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING
        """,
        organisation_id,
        currency,
        period,
        document,
        now,
    )


async def find_statement(
    reader: Database | Transaction, organisation_id: UUID, currency: str, period: date
) -> Kept | None:
    """Return an act."""
    return await reader.fetch_one(
        "SELECT * FROM statements WHERE organisation_id = $1 AND currency = $2 AND period = $3",
        organisation_id,
        currency,
        period,
        into=Kept,
    )


async def find_statements(
    reader: Database | Transaction, organisation_id: UUID, before: int | None, limit: int
) -> list[Kept]:
    """Return the acts of an organisation, the newest first."""
    return await reader.fetch(
        """
        SELECT * FROM statements WHERE organisation_id = $1 AND ($2::bigint IS NULL OR number < $2) ORDER BY number DESC LIMIT $3
        """,
        organisation_id,
        before,
        limit,
        into=Kept,
    )


async def find_wanting(
    reader: Database | Transaction, period: date, begins_at: datetime, ends_at: datetime, limit: int
) -> list[Wanting]:
    """Return payees that sold something in a month and have no act of it."""
    return await reader.fetch(
        """
        SELECT p.organisation_id, o.currency FROM payees p JOIN revenue_owners o ON o.owner = p.organisation_id::text
        WHERE NOT EXISTS (SELECT FROM statements t
                WHERE t.organisation_id = p.organisation_id AND t.currency = o.currency AND t.period = $1)
            AND EXISTS (SELECT FROM sales s
                WHERE s.owner = o.owner AND s.currency = o.currency AND s.split_at >= $2 AND s.split_at < $3)
        ORDER BY p.organisation_id, o.currency LIMIT $4
        """,
        period,
        begins_at,
        ends_at,
        limit,
        into=Wanting,
    )


async def find_register(reader: Database | Transaction, period: date, limit: int) -> list[RegisterLine]:
    """Return the payouts of a month that were approved, each with the details it goes to."""
    return await reader.fetch(
        """
        SELECT p.*, v.details FROM payouts p
        JOIN payee_versions v ON v.organisation_id = p.organisation_id AND v.version = p.payee_version
        WHERE p.period = $1 AND p.status IN ('approved', 'sending', 'executed') ORDER BY p.id LIMIT $2
        """,
        period,
        limit,
        into=RegisterLine,
    )
