"""The session in which a person lets another device in: it must be theirs and live, then and when the device comes."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.errors import Forbidden
from samovar.kit.identity import SessionRevoked
from samovar.services.auth.sessions import repository
from samovar.services.auth.sessions.repository import Session


async def hold(tx: Transaction, session_id: UUID, now: datetime) -> Session:
    """Return the live session of a person, for this transaction alone.

    Raises:
        Forbidden: What calls is no person: an API key, or a program with a grant.
        SessionRevoked: It is over.
    """
    session = await repository.lock_session(tx, session_id)
    if session is None or session.kind != "sign_in":
        raise Forbidden("only a person can let a device in")
    if _is_over(session, now):
        raise SessionRevoked
    return session


async def still_counts(tx: Transaction, session_id: UUID, now: datetime) -> bool:
    """Return whether a session is live, and let nobody end it in this transaction."""
    session = await repository.lock_session(tx, session_id)
    return session is not None and not _is_over(session, now)


def _is_over(session: Session, now: datetime) -> bool:
    return session.ended_at is not None or session.expires_at <= now
