"""How sessions of programs begin: API keys, in the caller's transaction. People come in through `admission`."""

from samovar.kit.database import Transaction
from samovar.services.auth.sessions import repository
from samovar.services.auth.sessions.repository import NewSession


async def begin(tx: Transaction, session: NewSession) -> None:
    """Start a session."""
    await repository.insert_session(tx, session)
