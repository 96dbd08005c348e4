"""Who plays in a session, asked by other rooms: a game's server knows its players by the sessions that they tell it."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.library.play import repository


async def player_of(tx: Transaction, app_id: UUID, session_id: UUID, ended_after: datetime) -> UUID | None:
    """Return the account that plays an app in a session, or played in it until after a moment; offline ones do not count."""
    session = await repository.find(tx, session_id)
    if session is None or session.app_id != app_id or session.is_offline:
        return None
    if session.ended_at is not None and session.ended_at <= ended_after:
        return None
    return session.account_id
