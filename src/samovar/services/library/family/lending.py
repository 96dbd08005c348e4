"""Whether somebody may play now what another of their family owns; asked by play, inside its transaction."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.library.family import repository

Answer = Literal["lent", "in_use", "nobody_has_it"]


async def ask(
    tx: Transaction,
    account_id: UUID,
    app_id: UUID,
    *,
    now: datetime,
    silent_after_s: int,
    begun_at: datetime | None = None,
) -> Answer:
    """Return whether a licence of the family is free for an account.

    As many play at one time as there are owners. An owner who plays comes first, then whoever began first.

    Args:
        tx: The transaction of the play session.
        account_id: Who wants to play, and owns it not.
        app_id: The app.
        now: The present moment.
        silent_after_s: Sessions that have been quiet for longer do not count.
        begun_at: When the account has begun to play; none: it is about to.
    """
    await repository.lock_family(tx, account_id)
    owners = await repository.count_lent(tx, account_id, app_id, now)
    if not owners:
        return "nobody_has_it"
    before = await repository.count_playing(
        tx,
        account_id,
        app_id,
        heard_since=now - timedelta(seconds=silent_after_s),
        begun_before=begun_at or now + timedelta(seconds=1),
        now=now,
    )
    return "lent" if before < owners else "in_use"


async def is_lent(tx: Transaction, account_id: UUID, app_id: UUID, now: datetime) -> bool:
    """Return whether another of the family owns an app in a way that they can lend, whoever plays it at this moment."""
    return await repository.count_lent(tx, account_id, app_id, now) > 0
