"""Whether a session still lives, for whatever hangs on it, in the caller's transaction."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.sessions import repository


async def is_live(tx: Transaction, session_id: UUID, now: datetime) -> bool:
    """Return whether a session is not over."""
    session = await repository.find_session(tx, session_id)
    return session is not None and session.ended_at is None and session.expires_at > now
