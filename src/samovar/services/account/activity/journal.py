"""Writes the activity history; every room notes in it what its people do, in the transaction that does it."""

from datetime import datetime
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.account.activity import repository
from samovar.services.account.activity.schemas import Action, Params


class Journal:
    """The activity history, for writing."""

    def __init__(self, *, clock: Clock, new_id: IdSource) -> None:
        self._clock = clock
        self._new_id = new_id

    async def note(
        self,
        tx: Transaction,
        account_id: UUID,
        kind: str,
        *,
        params: Params | None = None,
        session_id: UUID | None = None,
        happened_at: datetime | None = None,
    ) -> None:
        """Note an action.

        Args:
            tx: The transaction that does it.
            account_id: In whose history.
            kind: What, in `snake_case` and the past tense.
            params: What belongs to it; never a secret.
            session_id: The session in which it was done.
            happened_at: When; at this moment unless said.
        """
        action = Action(
            id=self._new_id(),
            kind=kind,
            params=params or {},
            session_id=session_id,
            happened_at=happened_at or self._clock.now(),
        )
        await repository.insert_action(tx, account_id, action)
