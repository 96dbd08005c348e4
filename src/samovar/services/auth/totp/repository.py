"""The SQL of authenticator apps."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """A secret that was shown in a session."""

    secret_sealed: bytes
    expires_at: datetime

    def __repr__(self) -> str:
        return "Enrolled(…)"


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """A secret that an app has, and the step whose code was taken last."""

    secret_sealed: bytes
    last_step: int

    def __repr__(self) -> str:
        return "Credential(…)"


async def save_enrolment(
    tx: Transaction, account_id: UUID, session_id: UUID, *, secret_sealed: bytes, expires_at: datetime
) -> None:
    """Keep a secret that is shown; an earlier one is forgotten."""
    await tx.execute(
        """
        INSERT INTO totp_enrolments (account_id, session_id, secret_sealed, expires_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id) DO UPDATE
        SET session_id = excluded.session_id, secret_sealed = excluded.secret_sealed, expires_at = excluded.expires_at
        """,
        account_id,
        session_id,
        secret_sealed,
        expires_at,
    )


async def find_enrolment(tx: Transaction, account_id: UUID, session_id: UUID) -> Enrolled | None:
    """Return the secret that was shown in a session."""
    return await tx.fetch_one(
        "SELECT secret_sealed, expires_at FROM totp_enrolments WHERE account_id = $1 AND session_id = $2",
        account_id,
        session_id,
        into=Enrolled,
    )


async def delete_enrolment(tx: Transaction, account_id: UUID) -> None:
    """Forget the secret that was shown."""
    await tx.execute("DELETE FROM totp_enrolments WHERE account_id = $1", account_id)


async def delete_enrolments_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` secrets that nobody confirmed before `moment`."""
    return await tx.execute(
        """
        DELETE FROM totp_enrolments
        WHERE account_id IN (SELECT account_id FROM totp_enrolments WHERE expires_at < $1 LIMIT $2)
        """,
        moment,
        limit,
    )


async def save_credential(
    tx: Transaction, account_id: UUID, *, secret_sealed: bytes, last_step: int, now: datetime
) -> None:
    """Keep a confirmed secret, of an account that has none."""
    await tx.execute(
        """
        INSERT INTO totp_credentials (account_id, secret_sealed, last_step, confirmed_at) VALUES ($1, $2, $3, $4)
        """,
        account_id,
        secret_sealed,
        last_step,
        now,
    )


async def lock_credential(tx: Transaction, account_id: UUID) -> Credential | None:
    """Return an account's secret, for this transaction alone."""
    return await tx.fetch_one(
        "SELECT secret_sealed, last_step FROM totp_credentials WHERE account_id = $1 FOR UPDATE",
        account_id,
        into=Credential,
    )


async def note_step(tx: Transaction, account_id: UUID, step: int) -> None:
    """Note that the code of a step is used up."""
    await tx.execute("UPDATE totp_credentials SET last_step = $2 WHERE account_id = $1", account_id, step)


async def retire_credential(tx: Transaction, account_id: UUID, now: datetime) -> None:
    """Take an account's secret out of use; it may be called back for a while."""
    await tx.execute(
        """
        WITH gone AS (
            DELETE FROM totp_credentials WHERE account_id = $1 RETURNING account_id, secret_sealed, last_step, confirmed_at
        )
        INSERT INTO former_totp_credentials (account_id, secret_sealed, last_step, confirmed_at, removed_at)
        SELECT account_id, secret_sealed, last_step, confirmed_at, $2 FROM gone
        """,
        account_id,
        now,
    )


async def delete_credential_since(tx: Transaction, account_id: UUID, since: datetime) -> int:
    """Forget an account's secret if it was confirmed at or after a moment; return how many that was."""
    return await tx.execute(
        "DELETE FROM totp_credentials WHERE account_id = $1 AND confirmed_at >= $2", account_id, since
    )


async def restore_credential(tx: Transaction, account_id: UUID, since: datetime) -> int:
    """Use the secret again that an account had just before a moment; return how many that was."""
    return await tx.execute(
        """
        WITH former AS (
            DELETE FROM former_totp_credentials WHERE account_id = $1 AND removed_at >= $2
            RETURNING account_id, secret_sealed, last_step, confirmed_at
        )
        INSERT INTO totp_credentials (account_id, secret_sealed, last_step, confirmed_at)
        SELECT account_id, secret_sealed, last_step, confirmed_at FROM former WHERE confirmed_at < $2
        ON CONFLICT DO NOTHING
        """,
        account_id,
        since,
    )


async def delete_former_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` secrets that were taken out of use before a moment."""
    return await tx.execute(
        """
        DELETE FROM former_totp_credentials WHERE (account_id, removed_at) IN (
            SELECT account_id, removed_at FROM former_totp_credentials WHERE removed_at < $1 LIMIT $2
        )
        """,
        moment,
        limit,
    )
