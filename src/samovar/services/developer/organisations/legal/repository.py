"""The SQL of legal details."""

from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.developer.organisations.legal.domain import ClaimState
from samovar.services.developer.organisations.legal.schemas import ClaimKey, LegalClaim, LegalDetails

Reader = Database | Transaction

_COLUMNS = """
    id, organisation_id, legal_form, legal_name, inn, kpp, ogrn, state, finding, reason, claimed_at, decided_at
"""


class DueClaim(LegalClaim, frozen=True, kw_only=True):
    """A claim whose register is to be asked.

    Attributes:
        tries: How often it was asked, this time counted in.
    """

    tries: int


async def lock_organisation(tx: Transaction, organisation_id: UUID) -> bool:
    """Let legal details of an organisation change one after the other; return whether there is one."""
    return bool(
        await tx.execute("SELECT FROM organisations WHERE id = $1 FOR NO KEY UPDATE", organisation_id)
    )


async def lock_taxpayer(tx: Transaction, inn: str) -> None:
    """Let one claim of a number be decided at a time."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('inn ' || $1, 0))", inn)


async def latest(reader: Reader, organisation_id: UUID) -> LegalClaim | None:
    """Return what an organisation said last."""
    return await reader.fetch_one(
        f"SELECT {_COLUMNS} FROM legal_claims WHERE organisation_id = $1 ORDER BY claimed_at DESC, id DESC LIMIT 1",  # noqa: S608  constants
        organisation_id,
        into=LegalClaim,
    )


async def confirmed(reader: Reader, organisation_id: UUID) -> LegalClaim | None:
    """Return what holds of an organisation."""
    return await reader.fetch_one(
        f"SELECT {_COLUMNS} FROM legal_claims WHERE organisation_id = $1 AND state = 'confirmed'",  # noqa: S608  constants
        organisation_id,
        into=LegalClaim,
    )


async def is_taken(reader: Reader, inn: str, *, by_others_than: UUID) -> bool:
    """Return whether another organisation is confirmed with a number."""
    return bool(
        await reader.fetch_value(
            "SELECT EXISTS (SELECT FROM legal_claims WHERE inn = $1 AND state = 'confirmed' AND organisation_id <> $2)",
            inn,
            by_others_than,
        )
    )


async def replace(tx: Transaction, organisation_id: UUID, state: ClaimState, now: datetime) -> None:
    """Let what is open, or what holds, make room for something else."""
    await tx.execute(
        """
        UPDATE legal_claims SET state = 'replaced', next_try_at = NULL, decided_at = coalesce(decided_at, $3)
        WHERE organisation_id = $1 AND state = $2
        """,
        organisation_id,
        state,
        now,
    )


async def insert(
    tx: Transaction,
    claim_id: UUID,
    organisation_id: UUID,
    details: LegalDetails,
    *,
    account_id: UUID,
    finding: str | None,
    next_try_at: datetime | None,
    now: datetime,
) -> LegalClaim:
    """Keep a claim that is to be checked."""
    claim = await tx.fetch_one(
        f"""
        INSERT INTO legal_claims (
            id, organisation_id, legal_form, legal_name, inn, kpp, ogrn, state, finding, next_try_at, claimed_by, claimed_at
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, 'checking', $8, $9, $10, $11)
        RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        claim_id,
        organisation_id,
        details.legal_form,
        details.legal_name,
        details.inn,
        details.kpp,
        details.ogrn,
        finding,
        next_try_at,
        account_id,
        now,
        into=LegalClaim,
    )
    if claim is None:
        raise LookupError(f"{claim_id} was not kept")
    return claim


async def claim_due(tx: Transaction, *, now: datetime, lease: timedelta, limit: int) -> list[DueClaim]:
    """Take claims whose register is to be asked; nobody else takes them during `lease`."""
    return await tx.fetch(
        f"""
        UPDATE legal_claims SET next_try_at = $2, tries = tries + 1
        WHERE id IN (
            SELECT id FROM legal_claims WHERE state = 'checking' AND next_try_at <= $1
            ORDER BY next_try_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
        )
        RETURNING {_COLUMNS}, tries
        """,  # noqa: S608  constants
        now,
        now + lease,
        limit,
        into=DueClaim,
    )


async def lock_open(tx: Transaction, organisation_id: UUID, claim_id: UUID | None) -> LegalClaim | None:
    """Return the claim that is to be decided, if it is still that one."""
    return await tx.fetch_one(
        f"""
        SELECT {_COLUMNS} FROM legal_claims
        WHERE organisation_id = $1 AND state = 'checking' AND ($2::uuid IS NULL OR id = $2) FOR NO KEY UPDATE
        """,  # noqa: S608  constants
        organisation_id,
        claim_id,
        into=LegalClaim,
    )


async def decide(
    tx: Transaction,
    claim: LegalClaim,
    *,
    actor_id: UUID | None,
    now: datetime,
) -> None:
    """Write what became of a claim: its state, finding, reason, and what the register says of it."""
    await tx.execute(
        """
        UPDATE legal_claims SET state = $2, finding = $3, reason = $4, legal_name = $5, kpp = $6, ogrn = $7, decided_by = $8,
            decided_at = $9, next_try_at = NULL
        WHERE id = $1
        """,
        claim.id,
        claim.state,
        claim.finding,
        claim.reason,
        claim.legal_name,
        claim.kpp,
        claim.ogrn,
        actor_id,
        now,
    )


async def put_off(tx: Transaction, claim_id: UUID, *, finding: str, next_try_at: datetime | None) -> None:
    """Say when a register is asked again; never: a person decides."""
    await tx.execute(
        "UPDATE legal_claims SET finding = $2, next_try_at = $3 WHERE id = $1 AND state = 'checking'",
        claim_id,
        finding,
        next_try_at,
    )


async def list_open(reader: Reader, after: ClaimKey | None, limit: int) -> list[LegalClaim]:
    """Return the claims that are not decided, the oldest first."""
    return await reader.fetch(
        f"""
        SELECT {_COLUMNS} FROM legal_claims
        WHERE state = 'checking' AND ($1::timestamptz IS NULL OR (claimed_at, id) > ($1, $2::uuid))
        ORDER BY claimed_at, id LIMIT $3
        """,  # noqa: S608  constants
        after.claimed_at if after else None,
        after.id if after else None,
        limit,
        into=LegalClaim,
    )
