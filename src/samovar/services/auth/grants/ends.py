"""How grants end: the rows are closed and everybody is told, in the caller's transaction."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.clients.domain import OFFLINE_ACCESS
from samovar.services.auth.grants import repository
from samovar.services.auth.grants.domain import Grant
from samovar.services.auth.grants.repository import EndedGrant
from samovar.services.auth.sessions import ending
from samovar.services.auth.sessions.ending import Reason

GRANTS_IN_SESSION_MAX = 1_000


async def end_of_client(
    tx: Transaction,
    client_id: str,
    reason: Reason,
    now: datetime,
    *,
    account_id: UUID | None = None,
    keep: int = 0,
    limit: int,
) -> list[EndedGrant]:
    """End up to `limit` grants of a client, of one account if it is given, but for the `keep` latest; return what has ended."""
    ended = await repository.end_grants_of_client(
        tx, client_id, account_id=account_id, keep=keep, limit=limit, reason=reason, now=now
    )
    await ending.announce(tx, ended, reason, now)
    return ended


async def end_with_session(tx: Transaction, session_id: UUID, reason: Reason, now: datetime) -> list[Grant]:
    """End the grants that were for a session's time only; return those that outlive it, since the person said so (offline)."""
    grants = await repository.list_grants_in(tx, session_id)
    outliving = [grant for grant in grants if OFFLINE_ACCESS in grant.scope.split()]
    bound = [grant.id for grant in grants if grant not in outliving]
    await ending.announce(tx, await repository.end_grants(tx, bound, reason=reason, now=now), reason, now)
    return outliving


async def find_grant(tx: Transaction, session_id: UUID) -> Grant | None:
    """Return a grant, live or over; none where the session is of another kind."""
    return await repository.find_grant(tx, session_id)
