"""How sessions of programs begin, in the caller's transaction. People come in through `admission`."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.identity import BY_API_KEY
from samovar.services.auth.domain import AAL1
from samovar.services.auth.sessions import repository
from samovar.services.auth.sessions.repository import NewSession, Session


async def begin_api_key(
    tx: Transaction,
    key_id: UUID,
    maker: Session | UUID,
    *,
    scope: str,
    name: str,
    address: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Start the session of an API key.

    Args:
        tx: The transaction that holds the session in which the key is made.
        key_id: The id of both.
        maker: That session. Whoever stole it may have made this key, which ends with it then. Or the account in whose name a key is
            minted: it lives for minutes, and has no session behind it.
        scope: What the key may do.
        name: What its owner calls it.
        address: From where it was made.
        now: The present moment.
        expires_at: When it ends by itself.
    """
    session = NewSession(
        id=key_id,
        account_id=maker if isinstance(maker, UUID) else maker.account_id,
        kind="api_key",
        parent_id=None if isinstance(maker, UUID) else maker.id,
        scope=scope,
        label=name,
        amr=(BY_API_KEY,),
        acr=AAL1,
        started_at=now,
        authenticated_at=now,
        expires_at=expires_at,
        # Nothing is ever refreshed with it.
        seed=b"",
        address=address,
    )
    await repository.insert_session(tx, session)
