"""How sessions end: the row is closed and everybody is told, in the caller's transaction.

What a stolen session made is as stolen as the session: when one ends because of theft, the API keys and grants that were made in it
end with it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.contract.events import SessionRevoked
from samovar.services.auth.factors import challenges
from samovar.services.auth.sessions import repository
from samovar.services.auth.sessions.repository import Kind, LiveSession

Reason = Literal[
    "logout",
    "revoked",
    "token_reuse",
    "code_reuse",
    "too_many_sessions",
    "password_changed",
    "not_me",
    "device_forgotten",
    "ended_by_staff",
    "account_erased",
    "role_lost",
    "renewed",
    "consent_withdrawn",
    "client_deleted",
]
THEFT: frozenset[Reason] = frozenset({"token_reuse", "not_me"})
ALL_KINDS: list[Kind] = ["sign_in", "api_key", "grant"]
SIGN_INS: list[Kind] = ["sign_in"]


class Ended(Protocol):
    """A session that has just ended, of whatever kind."""

    @property
    def id(self) -> UUID:
        """Which."""
        ...

    @property
    def account_id(self) -> UUID:
        """Whose."""
        ...


async def end(tx: Transaction, session_id: UUID, reason: Reason, now: datetime) -> list[LiveSession]:
    """End one session, and what was made in it when it was stolen; return all that has ended."""
    ended = await repository.end_session(tx, session_id, reason=reason, now=now)
    if reason in THEFT:
        ended += await repository.end_descendants(tx, [session_id], reason=reason, now=now)
    await announce(tx, ended, reason, now)
    return ended


async def is_over(tx: Transaction, session_id: UUID, now: datetime) -> bool:
    """Return whether a session is over, or was never there."""
    session = await repository.find_session(tx, session_id)
    return session is None or session.ended_at is not None or session.expires_at <= now


async def end_each(
    tx: Transaction, session_ids: Sequence[UUID], reason: Reason, now: datetime
) -> list[LiveSession]:
    """End some sessions and return what has ended."""
    if not session_ids:
        return []
    ended = await repository.end_sessions(tx, list(session_ids), reason=reason, now=now)
    await announce(tx, ended, reason, now)
    return ended


async def end_all(
    tx: Transaction,
    account_id: UUID,
    reason: Reason,
    now: datetime,
    *,
    keep: UUID | None = None,
    kinds: list[Kind] = SIGN_INS,
) -> list[LiveSession]:
    """End all sessions of an account that are of some kinds, but for `keep`, and sign-ins that wait; return what has ended."""
    await challenges.call_off(tx, account_id, now)
    ended = await repository.end_sessions_of_account(
        tx, account_id, keep=keep, kinds=kinds, reason=reason, now=now
    )
    await announce(tx, ended, reason, now)
    return ended


async def end_on_device(
    tx: Transaction, account_id: UUID, device_id: UUID, reason: Reason, now: datetime
) -> list[LiveSession]:
    """End the sessions of an account on a device; return what has ended."""
    ended = await repository.end_sessions_on_device(tx, account_id, device_id, reason=reason, now=now)
    await announce(tx, ended, reason, now)
    return ended


async def announce(tx: Transaction, ended: Sequence[Ended], reason: Reason, now: datetime) -> None:
    """Tell everybody that sessions are over."""
    for session in ended:
        await tx.publish(
            SessionRevoked(
                account_id=session.account_id, session_id=session.id, reason=reason, revoked_at=now
            )
        )
