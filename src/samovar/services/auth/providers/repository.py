"""The SQL of outside sign-in."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.auth.domain import Login
from samovar.services.auth.providers.domain import Identity, Mode
from samovar.services.auth.providers.settings import ProviderName


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is at a provider."""

    provider: ProviderName
    subject: str
    account_id: UUID
    name: str | None
    country: str | None
    linked_at: datetime
    last_used_at: datetime

    def __repr__(self) -> str:
        return f"Link({self.provider}, {self.account_id})"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A journey to a provider."""

    provider: ProviderName
    mode: Mode
    account_id: UUID | None
    browser_hash: bytes
    return_to: str | None
    code_challenge: str | None
    country: str | None
    expires_at: datetime
    used_at: datetime | None


_LINK = "SELECT provider, subject, account_id, name, country, linked_at, last_used_at FROM provider_links"


async def insert_attempt(tx: Transaction, state_hash: bytes, attempt: Attempt, now: datetime) -> None:
    """Add a journey that begins now."""
    await tx.execute(
        """
        INSERT INTO provider_attempts
            (state_hash, provider, mode, account_id, browser_hash, return_to, code_challenge, country, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        state_hash,
        attempt.provider,
        attempt.mode,
        attempt.account_id,
        attempt.browser_hash,
        attempt.return_to,
        attempt.code_challenge,
        attempt.country,
        now,
        attempt.expires_at,
    )


async def lock_attempt(tx: Transaction, state_hash: bytes) -> Attempt | None:
    """Return a journey, for this transaction alone."""
    return await tx.fetch_one(
        """
        SELECT provider, mode, account_id, browser_hash, return_to, code_challenge, country, expires_at, used_at
        FROM provider_attempts WHERE state_hash = $1 FOR UPDATE
        """,
        state_hash,
        into=Attempt,
    )


async def use_attempt(tx: Transaction, state_hash: bytes, now: datetime) -> None:
    """End a journey, however it went."""
    await tx.execute("UPDATE provider_attempts SET used_at = $2 WHERE state_hash = $1", state_hash, now)


async def insert_token(
    tx: Transaction, token_hash: bytes, *, purpose: str, sealed: bytes, expires_at: datetime
) -> None:
    """Add a one-time token."""
    await tx.execute(
        "INSERT INTO provider_tokens (token_hash, purpose, sealed, expires_at) VALUES ($1, $2, $3, $4)",
        token_hash,
        purpose,
        sealed,
        expires_at,
    )


async def take_token(tx: Transaction, token_hash: bytes, *, purpose: str, now: datetime) -> bytes | None:
    """Delete a one-time token and return what it stood for; none when it is not there or has run out."""
    sealed: bytes | None = await tx.fetch_value(
        "DELETE FROM provider_tokens WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3 RETURNING sealed",
        token_hash,
        purpose,
        now,
    )
    return sealed


async def insert_seen_data(tx: Transaction, digest: bytes, expires_at: datetime) -> bool:
    """Remember signed data; false when it was used before."""
    return bool(
        await tx.execute(
            "INSERT INTO provider_seen_data (digest, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            digest,
            expires_at,
        )
    )


async def find_link(tx: Transaction, provider: ProviderName, subject: str) -> Link | None:
    """Return the link of a person at a provider."""
    return await tx.fetch_one(f"{_LINK} WHERE provider = $1 AND subject = $2", provider, subject, into=Link)


async def touch_link(tx: Transaction, link: Link, identity: Identity, now: datetime) -> bool:
    """Note that a link was used; false when it has gone meanwhile."""
    return bool(
        await tx.execute(
            """
            UPDATE provider_links SET last_used_at = $4, name = coalesce($5, name)
            WHERE provider = $1 AND subject = $2 AND account_id = $3
            """,
            link.provider,
            link.subject,
            link.account_id,
            now,
            identity.name,
        )
    )


async def insert_link(tx: Transaction, link: Link) -> bool:
    """Tie a person at a provider to an account; false when either has a link to or from there."""
    return bool(
        await tx.execute(
            """
            INSERT INTO provider_links (provider, subject, account_id, name, country, linked_at, last_used_at)
            VALUES ($1, $2, $3, $4, $5, $6, $6)
            ON CONFLICT DO NOTHING
            """,
            link.provider,
            link.subject,
            link.account_id,
            link.name,
            link.country,
            link.linked_at,
        )
    )


async def list_links(database: Database, account_id: UUID) -> list[Link]:
    """Return the links of an account, the oldest first; there are no more than providers."""
    return await database.fetch(
        f"{_LINK} WHERE account_id = $1 ORDER BY linked_at, provider", account_id, into=Link
    )


async def lock_links(tx: Transaction, account_id: UUID) -> list[Link]:
    """Return the links of an account, for changing them in this transaction."""
    return await tx.fetch(
        f"{_LINK} WHERE account_id = $1 ORDER BY provider FOR UPDATE", account_id, into=Link
    )


async def delete_link(tx: Transaction, former_id: UUID, link: Link, now: datetime) -> None:
    """Untie a person at a provider from their account, and keep what was, for `restore_links`."""
    await tx.execute(
        """
        WITH gone AS (
            DELETE FROM provider_links WHERE provider = $2 AND subject = $3
            RETURNING provider, subject, account_id, name, country, linked_at, last_used_at
        )
        INSERT INTO provider_former_links
            (id, provider, subject, account_id, name, country, linked_at, last_used_at, removed_at)
        SELECT $1, provider, subject, account_id, name, country, linked_at, last_used_at, $4 FROM gone
        """,
        former_id,
        link.provider,
        link.subject,
        now,
    )


async def delete_links_since(tx: Transaction, account_id: UUID, since: datetime) -> int:
    """Delete the links that an account has got since a moment; return how many."""
    return await tx.execute(
        "DELETE FROM provider_links WHERE account_id = $1 AND linked_at >= $2", account_id, since
    )


async def restore_links(tx: Transaction, account_id: UUID, since: datetime) -> int:
    """Tie again what was there at a moment and was taken away since; return how many. Who belongs to another account stays there."""
    return await tx.execute(
        """
        WITH former AS (
            DELETE FROM provider_former_links WHERE account_id = $1 AND removed_at >= $2
            RETURNING provider, subject, account_id, name, country, linked_at, last_used_at
        )
        INSERT INTO provider_links (provider, subject, account_id, name, country, linked_at, last_used_at)
        SELECT provider, subject, account_id, name, country, linked_at, last_used_at FROM former WHERE linked_at < $2
        ON CONFLICT DO NOTHING
        """,
        account_id,
        since,
    )


async def delete_former_links_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` former links that were taken away before a moment."""
    return await tx.execute(
        """
        DELETE FROM provider_former_links WHERE id IN (
            SELECT id FROM provider_former_links WHERE removed_at < $1 ORDER BY removed_at LIMIT $2
        )
        """,
        moment,
        limit,
    )


async def is_login_taken(tx: Transaction, login: Login) -> bool:
    """Return whether an account has this login."""
    return bool(await tx.fetch_value("SELECT 1 FROM logins WHERE login = $1", login.value))


async def insert_account_without_login(
    tx: Transaction, account_id: UUID, *, roles: tuple[str, ...], language: str, now: datetime
) -> None:
    """Add an account that is entered by its links alone."""
    await tx.execute(
        "INSERT INTO accounts (id, roles, language, created_at) VALUES ($1, $2, $3, $4)",
        account_id,
        roles,
        language,
        now,
    )


async def delete_expired(tx: Transaction, now: datetime, limit: int) -> int:
    """Delete up to `limit` each of journeys, one-time tokens and digests whose time is over; return how many."""
    return int(
        await tx.fetch_value(
            """
            WITH attempts AS (
                DELETE FROM provider_attempts WHERE state_hash IN (
                    SELECT state_hash FROM provider_attempts WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
                ) RETURNING 1
            ), tokens AS (
                DELETE FROM provider_tokens WHERE token_hash IN (
                    SELECT token_hash FROM provider_tokens WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
                ) RETURNING 1
            ), seen AS (
                DELETE FROM provider_seen_data WHERE digest IN (
                    SELECT digest FROM provider_seen_data WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
                ) RETURNING 1
            )
            SELECT (SELECT count(*) FROM attempts) + (SELECT count(*) FROM tokens) + (SELECT count(*) FROM seen)
            """,
            now,
            limit,
        )
    )
