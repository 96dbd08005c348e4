"""Going back: each room that keeps credentials can undo what happened to them since a moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from samovar.kit.database import Transaction


class Rollback(Protocol):
    """Undoes the changes of one kind of credential."""

    async def __call__(self, tx: Transaction, account_id: UUID, since: datetime, now: datetime) -> int:
        """Undo what happened to the account's credentials of this kind at or after `since`; return how many were undone.

        What was added is removed, what was removed or replaced is there again.
        """
        ...


Rollbacks = Mapping[str, Rollback]
"""By the kind of credential, as `CredentialChanged` names it."""
