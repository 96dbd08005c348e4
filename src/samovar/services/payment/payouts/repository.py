"""SQL of payouts."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payouts.domain import Payout, PayoutStatus, WaitsFor


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation that may be paid for a month, and which attempt that is."""

    organisation_id: UUID
    inn: str
    version: int
    is_professional: bool
    attempt: int


class _Paid(msgspec.Struct, frozen=True):
    inn: str
    amount: int


async def find_candidates(
    reader: Database | Transaction,
    *,
    period: date,
    currency: str,
    organisation_ids: Sequence[UUID] | None,
    after: UUID | None,
    limit: int,
) -> list[Candidate]:
    """Return organisations that have earned, are not frozen, and have no payout of this month that lives or was executed."""
    return await reader.fetch(
        """
        SELECT p.organisation_id, p.inn, p.version, p.tax_regime = 'professional' AS is_professional,
            1 + (SELECT count(*)::int FROM payouts o
                WHERE o.organisation_id = p.organisation_id AND o.currency = $2 AND o.period = $1) AS attempt
        FROM payees p
        JOIN revenue_owners r ON r.owner = p.organisation_id::text AND r.currency = $2 AND r.developer > 0
        WHERE p.frozen_reason IS NULL AND ($3::uuid[] IS NULL OR p.organisation_id = ANY($3))
            AND ($4::uuid IS NULL OR p.organisation_id > $4)
            AND NOT EXISTS (SELECT FROM payouts o WHERE o.organisation_id = p.organisation_id AND o.currency = $2
                AND o.period = $1 AND o.status IN ('proposed', 'approved', 'sending', 'executed'))
        ORDER BY p.organisation_id LIMIT $5
        """,
        period,
        currency,
        organisation_ids,
        after,
        limit,
        into=Candidate,
    )


async def paid_since(reader: Database | Transaction, inns: Sequence[str], since: datetime) -> dict[str, int]:
    """Return what payers of НПД got since then or are about to get, by INN."""
    rows = await reader.fetch(
        """
        SELECT inn, sum(amount)::bigint AS amount FROM payouts
        WHERE inn = ANY($1) AND is_professional AND status IN ('proposed', 'approved', 'sending', 'executed')
            AND coalesce(closed_at, proposed_at) >= $2
        GROUP BY inn
        """,
        inns,
        since,
        into=_Paid,
    )
    return {row.inn: row.amount for row in rows}


async def lock_inns(tx: Transaction, inns: Sequence[str]) -> None:
    """Let nobody else count the year of these people until this transaction ends: several organisations may be one person's."""
    await tx.execute(
        """
        SELECT pg_advisory_xact_lock(hashtextextended('npd ' || inn, 0))
        FROM (SELECT DISTINCT inn FROM unnest($1::text[]) AS inn ORDER BY inn) AS people
        """,
        inns,
    )


async def add_payouts(tx: Transaction, payouts: Sequence[Payout]) -> list[Payout]:
    """Write payouts that are proposed; one that somebody else proposed meanwhile is not written."""
    return await tx.fetch(
        """
        INSERT INTO payouts (id, organisation_id, currency, period, attempt, amount, payable, in_window, inn, payee_version,
            is_professional, status, proposed_by, proposed_at, waits_for)
        SELECT id, organisation_id, $2, $3, attempt, amount, payable, in_window, n.inn, payee_version, is_professional, 'proposed', $4, $5,
            CASE WHEN c.inn <> n.inn THEN 'inn_differs' END
        FROM unnest($1::uuid[], $6::uuid[], $7::int[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::int[], $13::boolean[])
            AS n (id, organisation_id, attempt, amount, payable, in_window, inn, payee_version, is_professional)
            LEFT JOIN confirmed_inns c USING (organisation_id)
        ON CONFLICT DO NOTHING RETURNING *
        """,
        [one.id for one in payouts],
        payouts[0].currency,
        payouts[0].period,
        payouts[0].proposed_by,
        payouts[0].proposed_at,
        [one.organisation_id for one in payouts],
        [one.attempt for one in payouts],
        [one.amount for one in payouts],
        [one.payable for one in payouts],
        [one.in_window for one in payouts],
        [one.inn for one in payouts],
        [one.payee_version for one in payouts],
        [one.is_professional for one in payouts],
        into=Payout,
    )


async def compare_inns(tx: Transaction, organisation_id: UUID, confirmed: str) -> None:
    """Note on the payouts of an organisation that nobody has decided whether they would go to another taxpayer than the confirmed one."""
    await tx.execute(
        """
        UPDATE payouts SET waits_for = CASE WHEN inn <> $2 THEN 'inn_differs' END
        WHERE organisation_id = $1 AND status = 'proposed'
        """,
        organisation_id,
        confirmed,
    )


async def find_payout(reader: Database | Transaction, payout_id: UUID) -> Payout | None:
    """Return a payout."""
    return await reader.fetch_one("SELECT * FROM payouts WHERE id = $1", payout_id, into=Payout)


async def lock_payout(tx: Transaction, payout_id: UUID) -> Payout | None:
    """Return a payout that nobody else moves until this transaction ends."""
    return await tx.fetch_one("SELECT * FROM payouts WHERE id = $1 FOR UPDATE", payout_id, into=Payout)


async def find_payouts(
    reader: Database | Transaction,
    *,
    organisation_id: UUID | None,
    period: date | None,
    status: PayoutStatus | None,
    before: UUID | None,
    limit: int,
) -> list[Payout]:
    """Return payouts, the newest first."""
    return await reader.fetch(
        """
        SELECT * FROM payouts WHERE ($1::uuid IS NULL OR organisation_id = $1) AND ($2::date IS NULL OR period = $2)
            AND ($3::text IS NULL OR status = $3) AND ($4::uuid IS NULL OR id < $4)
        ORDER BY id DESC LIMIT $5
        """,
        organisation_id,
        period,
        status,
        before,
        limit,
        into=Payout,
    )


async def decide(
    tx: Transaction,
    payout_id: UUID,
    *,
    status: PayoutStatus,
    actor_id: UUID,
    reason: str | None,
    now: datetime,
) -> Payout | None:
    """Approve or decline a locked payout."""
    return await tx.fetch_one(
        """
        UPDATE payouts SET status = $2::text, decided_by = $3, decided_at = $4::timestamptz, reason = $5, waits_for = NULL,
            next_look_at = CASE WHEN $2 = 'approved' THEN $4::timestamptz END,
            closed_at = CASE WHEN $2 = 'declined' THEN $4::timestamptz END
        WHERE id = $1 RETURNING *
        """,
        payout_id,
        status,
        actor_id,
        now,
        reason,
        into=Payout,
    )


async def find_due(reader: Database | Transaction, now: datetime, limit: int) -> list[Payout]:
    """Return payouts whose next step is to be tried, those that waited longest first."""
    return await reader.fetch(
        """
        SELECT * FROM payouts WHERE status IN ('approved', 'sending') AND next_look_at <= $1 ORDER BY next_look_at LIMIT $2
        """,
        now,
        limit,
        into=Payout,
    )


async def look_later(
    tx: Transaction, payout_id: UUID, *, waits_for: WaitsFor | None, next_look_at: datetime
) -> None:
    """Note why a payout has not got further, and when to try again."""
    await tx.execute(
        "UPDATE payouts SET waits_for = $2, next_look_at = $3, looks = looks + 1 WHERE id = $1",
        payout_id,
        waits_for,
        next_look_at,
    )


async def note_sending(tx: Transaction, payout_id: UUID, *, now: datetime, next_look_at: datetime) -> None:
    """Note, before the bank is asked, that it will be."""
    await tx.execute(
        """
        UPDATE payouts SET status = 'sending', waits_for = NULL, sent_at = $2, next_look_at = $3, looks = 0 WHERE id = $1
        """,
        payout_id,
        now,
        next_look_at,
    )


async def close(
    tx: Transaction, payout_id: UUID, *, status: PayoutStatus, failure: str | None, now: datetime
) -> None:
    """Note what became of a payout."""
    await tx.execute(
        """
        UPDATE payouts SET status = $2, failure = $3, closed_at = $4, next_look_at = NULL, waits_for = NULL WHERE id = $1
        """,
        payout_id,
        status,
        failure,
        now,
    )


async def set_receipt(tx: Transaction, payout_id: UUID, url: str, now: datetime) -> Payout | None:
    """Note the receipt of a payout that needs one and has none; none where that is not so."""
    return await tx.fetch_one(
        """
        UPDATE payouts SET npd_receipt = $2, npd_receipt_at = $3
        WHERE id = $1 AND status = 'executed' AND is_professional AND npd_receipt IS NULL RETURNING *
        """,
        payout_id,
        url,
        now,
        into=Payout,
    )


async def lacks_receipt(reader: Database | Transaction, inn: str) -> bool:
    """Return whether a payer of НПД got money and made no receipt for it."""
    return bool(
        await reader.fetch_value(
            """
            SELECT EXISTS (SELECT FROM payouts WHERE inn = $1 AND is_professional AND status = 'executed' AND npd_receipt IS NULL)
            """,
            inn,
        )
    )


async def find_npd_check(reader: Database | Transaction, inn: str, day: date) -> bool | None:
    """Return what the tax service said of a person on a day; none: it was not asked, or did not answer."""
    found: bool | None = await reader.fetch_value(
        "SELECT is_payer FROM npd_checks WHERE inn = $1 AND day = $2", inn, day
    )
    return found


async def put_npd_check(tx: Transaction, inn: str, day: date, *, is_payer: bool, now: datetime) -> None:
    """Keep what the tax service said."""
    await tx.execute(
        """
        INSERT INTO npd_checks VALUES ($1, $2, $3, $4)
        ON CONFLICT (inn, day) DO UPDATE SET is_payer = excluded.is_payer, checked_at = excluded.checked_at
        """,
        inn,
        day,
        is_payer,
        now,
    )
