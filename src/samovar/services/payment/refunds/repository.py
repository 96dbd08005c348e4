"""SQL of refunds. Whoever changes one holds the order's row (`payment.repository.lock_order`) first."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.refunds.domain import Fund, Part, Refund, RefundLine
from samovar.services.payment.refunds.errors import FundsTaken, NothingToRefund
from samovar.services.payment.refunds.schemas import RefundKey

Reader = Database | Transaction


async def find_refund(reader: Reader, refund_id: UUID) -> Refund | None:
    """Return a refund."""
    return await reader.fetch_one("SELECT * FROM refunds WHERE id = $1", refund_id, into=Refund)


async def refunds_of(reader: Reader, order_id: UUID) -> list[Refund]:
    """Return the refunds of an order, the oldest first."""
    return await reader.fetch(
        "SELECT * FROM refunds WHERE order_id = $1 ORDER BY started_at, id", order_id, into=Refund
    )


async def insert_refund(tx: Transaction, refund: Refund, lines: Sequence[RefundLine]) -> None:
    """Write a refund and its lines.

    Raises:
        NothingToRefund: Another refund takes the licence of one of the lines back.
    """
    await tx.execute(
        """
        INSERT INTO refunds (id, order_id, account_id, status, reason, note, destination, currency, amount, rules_version, actor_id,
            started_at, moved_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        refund.id,
        refund.order_id,
        refund.account_id,
        refund.status,
        refund.reason,
        refund.note,
        refund.destination,
        refund.currency,
        refund.amount,
        refund.rules_version,
        refund.actor_id,
        refund.started_at,
        refund.moved_at,
    )
    try:
        await tx.execute(
            """
            INSERT INTO refund_lines (refund_id, line_id, amount, ends_licence, revoked_at)
            SELECT $1, * FROM unnest($2::uuid[], $3::bigint[], $4::boolean[], $5::timestamptz[])
            """,
            refund.id,
            [line.line_id for line in lines],
            [line.amount for line in lines],
            [line.ends_licence for line in lines],
            [line.revoked_at for line in lines],
        )
    except asyncpg.UniqueViolationError as error:
        raise NothingToRefund(str(error)) from error


async def lines_of(reader: Reader, refund_ids: Sequence[UUID]) -> list[RefundLine]:
    """Return the lines of refunds."""
    return await reader.fetch(
        "SELECT * FROM refund_lines WHERE refund_id = ANY($1) ORDER BY refund_id, line_id",
        refund_ids,
        into=RefundLine,
    )


async def ending(reader: Reader, line_ids: Sequence[UUID]) -> list[RefundLine]:
    """Return what takes the licences of these lines back."""
    return await reader.fetch(
        "SELECT * FROM refund_lines WHERE line_id = ANY($1) AND ends_licence AND is_live",
        line_ids,
        into=RefundLine,
    )


async def mark_revoked(tx: Transaction, refund_id: UUID, line_ids: Sequence[UUID], now: datetime) -> None:
    """Remember that the licences of lines are gone, or never were."""
    await tx.execute(
        "UPDATE refund_lines SET revoked_at = $3 WHERE refund_id = $1 AND line_id = ANY($2) AND revoked_at IS NULL",
        refund_id,
        line_ids,
        now,
    )


async def drop_lines(tx: Transaction, refund_id: UUID) -> None:
    """Let the lines of a refused refund be asked for again."""
    await tx.execute("UPDATE refund_lines SET is_live = false WHERE refund_id = $1", refund_id)


async def update_refund(tx: Transaction, refund: Refund) -> None:
    """Write what of a refund changes."""
    await tx.execute(
        """
        UPDATE refunds SET status = $2, note = $3, destination = $4, actor_id = $5, moved_at = $6, settled_at = $7, failure_code = $8
        WHERE id = $1
        """,
        refund.id,
        refund.status,
        refund.note,
        refund.destination,
        refund.actor_id,
        refund.moved_at,
        refund.settled_at,
        refund.failure_code,
    )


async def add_funds(tx: Transaction, funds: Sequence[Fund]) -> None:
    """Write down where an order's money came from; what is known already stays as it is."""
    await tx.execute(
        """
        INSERT INTO refund_funds (id, order_id, source, payment_id, provider, paid)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::bigint[])
        ON CONFLICT (id) DO NOTHING
        """,
        [fund.id for fund in funds],
        [fund.order_id for fund in funds],
        [fund.source for fund in funds],
        [fund.payment_id for fund in funds],
        [fund.provider for fund in funds],
        [fund.paid for fund in funds],
    )


async def funds_of(reader: Reader, order_id: UUID) -> list[Fund]:
    """Return where an order's money came from: bonus money, wallet, providers."""
    return await reader.fetch(
        "SELECT * FROM refund_funds WHERE order_id = $1 ORDER BY source, id", order_id, into=Fund
    )


async def take_funds(tx: Transaction, amounts: dict[UUID, int]) -> None:
    """Count what goes back to each source; a negative amount comes free again.

    Raises:
        FundsTaken: More than came would go back.
    """
    try:
        await tx.execute(
            """
            UPDATE refund_funds f SET taken = f.taken + t.amount
            FROM unnest($1::uuid[], $2::bigint[]) AS t (id, amount) WHERE f.id = t.id
            """,
            list(amounts),
            list(amounts.values()),
        )
    except asyncpg.CheckViolationError as error:
        raise FundsTaken(str(error)) from error


async def dispute_fund(tx: Transaction, fund_id: UUID, amount: int) -> None:
    """Count what a bank takes of a source beyond what was left; a negative amount, when it gives that back."""
    await tx.execute("UPDATE refund_funds SET disputed = disputed + $2 WHERE id = $1", fund_id, amount)


async def is_disputed(reader: Reader, order_id: UUID) -> bool:
    """Return whether a bank disputes what was paid for an order, and that is not over."""
    disputed: bool = await reader.fetch_value(
        """
        SELECT EXISTS (
            SELECT FROM chargebacks c JOIN payments p ON p.id = c.payment_id
            WHERE p.purpose = 'order' AND p.purpose_id = $1 AND c.status = 'opened'
        )
        """,
        order_id,
    )
    return disputed


async def insert_parts(tx: Transaction, parts: Sequence[Part]) -> None:
    """Write what of a refund goes where."""
    await tx.execute(
        """
        INSERT INTO refund_parts (id, refund_id, fund_id, amount, destination, status, notice_code)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[])
        """,
        [part.id for part in parts],
        [part.refund_id for part in parts],
        [part.fund_id for part in parts],
        [part.amount for part in parts],
        [part.destination for part in parts],
        [part.status for part in parts],
        [part.notice_code for part in parts],
    )


async def find_part(reader: Reader, part_id: UUID) -> Part | None:
    """Return a part."""
    return await reader.fetch_one("SELECT * FROM refund_parts WHERE id = $1", part_id, into=Part)


async def parts_of(reader: Reader, refund_ids: Sequence[UUID]) -> list[Part]:
    """Return the parts of refunds."""
    return await reader.fetch(
        "SELECT * FROM refund_parts WHERE refund_id = ANY($1) ORDER BY refund_id, id", refund_ids, into=Part
    )


async def update_parts(tx: Transaction, parts: Sequence[Part]) -> None:
    """Write what of parts changes."""
    await tx.execute(
        """
        UPDATE refund_parts p
        SET destination = t.destination, status = t.status, notice_code = t.notice_code, done_at = t.done_at, twice_at = t.twice_at,
            amount = t.amount
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::bigint[])
            AS t (id, destination, status, notice_code, done_at, twice_at, amount)
        WHERE p.id = t.id
        """,
        [part.id for part in parts],
        [part.destination for part in parts],
        [part.status for part in parts],
        [part.notice_code for part in parts],
        [part.done_at for part in parts],
        [part.twice_at for part in parts],
        [part.amount for part in parts],
    )


async def list_refunds(reader: Reader, account_id: UUID, after: RefundKey | None, limit: int) -> list[Refund]:
    """Return refunds of an account, the newest first."""
    return await reader.fetch(
        """
        SELECT * FROM refunds
        WHERE account_id = $1 AND ($2::timestamptz IS NULL OR (started_at, id) < ($2, $3::uuid))
        ORDER BY started_at DESC, id DESC LIMIT $4
        """,
        account_id,
        after and after.started_at,
        after and after.id,
        limit,
        into=Refund,
    )


async def list_requested(reader: Reader, after: RefundKey | None, limit: int) -> list[Refund]:
    """Return refunds that wait for a person, the oldest first: those to be judged, and those that a provider refused."""
    return await reader.fetch(
        """
        SELECT * FROM refunds r
        WHERE (r.status = 'requested'
            OR (r.status = 'paying' AND EXISTS (SELECT FROM refund_parts p WHERE p.refund_id = r.id AND p.status = 'held')))
            AND ($1::timestamptz IS NULL OR (r.started_at, r.id) > ($1, $2::uuid))
        ORDER BY r.started_at, r.id LIMIT $3
        """,
        after and after.started_at,
        after and after.id,
        limit,
        into=Refund,
    )


async def whole(
    reader: Reader, refund_ids: Sequence[UUID]
) -> tuple[list[Refund], dict[UUID, list[RefundLine]], dict[UUID, list[Part]]]:
    """Return refunds in this order, with their lines and parts."""
    found = await reader.fetch("SELECT * FROM refunds WHERE id = ANY($1)", refund_ids, into=Refund)
    by_id = {refund.id: refund for refund in found}
    lines: dict[UUID, list[RefundLine]] = {}
    for line in await lines_of(reader, refund_ids):
        lines.setdefault(line.refund_id, []).append(line)
    parts: dict[UUID, list[Part]] = {}
    for part in await parts_of(reader, refund_ids):
        parts.setdefault(part.refund_id, []).append(part)
    return [by_id[refund_id] for refund_id in refund_ids if refund_id in by_id], lines, parts


async def hold_account(tx: Transaction, account_id: UUID) -> None:
    """Let no other refund of an account be asked for until this transaction ends, so that each is counted."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('refunds ' || $1, 0))", str(account_id))


async def count_asked(reader: Reader, account_id: UUID, since: datetime) -> int:
    """Return how many refunds an account has asked for since."""
    count: int = await reader.fetch_value(
        "SELECT count(*) FROM refunds WHERE account_id = $1 AND started_at >= $2 AND reason = 'asked' AND status <> 'refused'",
        account_id,
        since,
    )
    return count


async def put_consent(tx: Transaction, line_id: UUID, account_id: UUID, now: datetime) -> None:
    """Remember that whoever has a gift agrees to its return."""
    await tx.execute(
        "INSERT INTO refund_consents (line_id, account_id, given_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        line_id,
        account_id,
        now,
    )


async def drop_consent(tx: Transaction, line_id: UUID, account_id: UUID) -> None:
    """Forget it."""
    await tx.execute(
        "DELETE FROM refund_consents WHERE line_id = $1 AND account_id = $2", line_id, account_id
    )


async def consents_among(reader: Reader, line_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these lines whose recipient agrees to their return."""
    rows = await reader.fetch(
        "SELECT line_id AS id FROM refund_consents WHERE line_id = ANY($1)", line_ids, into=_Id
    )
    return {row.id for row in rows}


async def waiting_for_library(reader: Reader, before: datetime, limit: int) -> list[RefundLine]:
    """Return lines whose licence should have gone by now."""
    return await reader.fetch(
        """
        SELECT l.* FROM refunds r JOIN refund_lines l ON l.refund_id = r.id
        WHERE r.status = 'revoking' AND r.moved_at < $1 AND l.ends_licence AND l.revoked_at IS NULL
        ORDER BY r.moved_at LIMIT $2
        """,
        before,
        limit,
        into=RefundLine,
    )


class _Id(msgspec.Struct, frozen=True):
    id: UUID
