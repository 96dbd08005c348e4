"""API keys end with what they were made for, in the transaction that takes it from their owner."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.identity import Permissions
from samovar.services.auth.api_keys import domain, repository
from samovar.services.auth.sessions import ending


async def end_idle_keys(
    tx: Transaction,
    account_id: UUID,
    roles: Sequence[str],
    grants: Sequence[str],
    permissions: Permissions,
    now: datetime,
) -> list[UUID]:
    """End the keys of which a part opens nothing any more, and return their ids.

    A key that lay idle would come to life again with the role, years later, in whosever hands it is by then.
    """
    idle = []
    for key in await repository.list_live(tx, account_id, now):
        left, _ = domain.narrowed(roles, grants, key.organisation_id, key.game_id)
        if domain.is_idle(key.scope, permissions.held_by(left)):
            idle.append(key.id)
    return [ended.id for ended in await ending.end_each(tx, idle, "role_lost", now)]
