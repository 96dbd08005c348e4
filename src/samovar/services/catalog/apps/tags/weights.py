"""Changes what ties tags to apps, under the lock of the apps, in the transaction of whoever calls."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.catalog.apps import repository as apps
from samovar.services.catalog.apps.domain import TagTie
from samovar.services.catalog.apps.tags import repository
from samovar.services.catalog.search import marks


async def keep(tx: Transaction, ties: Sequence[TagTie]) -> None:
    """Keep these ties with their weights, and have search read their apps again."""
    await apps.write_tag_ties(tx, ties)
    await marks.mark(tx, {tie.app_id for tie in ties})


async def forget(tx: Transaction, account_id: UUID) -> None:
    """Take the votes of somebody who is being erased out of all weights."""
    voted = await repository.list_voted(tx, account_id)
    await repository.lock_apps(tx, [tie.app_id for tie in voted])
    fewer = [
        msgspec.structs.replace(tie, player_votes=max(0, tie.player_votes - 1))
        for tie in await repository.list_voted(tx, account_id)
    ]
    await repository.delete_votes(tx, account_id)
    if fewer:
        await keep(tx, fewer)
