"""Who plays in a session, asked by other rooms: a game's server knows its players by the sessions that they tell it, a game its own."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.library.play import repository
from samovar.services.library.play.domain import Session
from samovar.services.library.play.errors import PlaySessionNotFound, PlaySessionOver


async def player_of(tx: Transaction, app_id: UUID, session_id: UUID, ended_after: datetime) -> UUID | None:
    """Return the account that plays an app in a session, or played in it until after a moment; offline ones do not count."""
    session = await repository.find(tx, session_id)
    if session is None or session.app_id != app_id or session.is_offline:
        return None
    if session.ended_at is not None and session.ended_at <= ended_after:
        return None
    return session.account_id


async def require_own(tx: Transaction, account_id: UUID, app_id: UUID, session_id: UUID) -> Session:
    """Return a session of an account's, which nobody changes until the end of the transaction.

    Raises:
        PlaySessionNotFound: The account has no such session of this app.
    """
    session = await repository.find(tx, session_id)
    if session is None or (session.account_id, session.app_id) != (account_id, app_id):
        raise PlaySessionNotFound(f"{session_id}")
    return session


async def require_running(
    tx: Transaction, account_id: UUID, app_id: UUID, session_id: UUID, now: datetime
) -> None:
    """Refuse a session that does not run.

    Raises:
        PlaySessionNotFound: The account has no such session of this app.
        PlaySessionOver: It has ended, or has been quiet for so long that it will.
    """
    session = await require_own(tx, account_id, app_id, session_id)
    if session.ended_at is not None or session.is_silent(now):
        raise PlaySessionOver(f"{session.end_reason or 'silent'}")
