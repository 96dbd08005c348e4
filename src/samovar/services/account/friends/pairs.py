"""Changing what two accounts are to each other: under one order of locks, whole or not at all.

Both rows in `accounts` are held until the commit, so nothing else changes the pair, and neither account's counts, meanwhile.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar
from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.services.account.activity.journal import Journal
from samovar.services.account.contract.events import (
    AccountBlocked,
    AccountUnblocked,
    FriendshipBegun,
    FriendshipEnded,
)
from samovar.services.account.errors import AccountNotFound, AccountNotReady
from samovar.services.account.friends import repository
from samovar.services.account.friends.domain import Change, Circle, Relation
from samovar.services.account.profiles.arrival import Arrival
from samovar.services.account.repository import lock_accounts

Decide = Callable[[Relation, Mapping[UUID, Circle]], Change]
T = TypeVar("T")

# What comes into the caller's own history. Requests do not: one that is withheld would be missing there.
_NOTED = (FriendshipBegun, FriendshipEnded, AccountBlocked, AccountUnblocked)


class Pairs:
    """The pairs of accounts.

    Args:
        database: Where they are kept.
        arrival: Waits for a caller who has registered a moment ago.
        journal: The history of the caller's actions.
    """

    def __init__(self, database: Database, *, arrival: Arrival, journal: Journal) -> None:
        self._database = database
        self._arrival = arrival
        self._journal = journal

    async def change(self, account_id: UUID, other_id: UUID, decide: Decide) -> Relation:
        """Change what the caller and another are to each other, and return what they are then.

        Args:
            account_id: The caller.
            other_id: The other; the field is `account_id` for who reads an error.
            decide: Takes the relation and the circles of both, and returns the change or refuses it.

        Raises:
            InvalidInput: The two are one.
            AccountNotFound: There is no such other account.
            AccountNotReady: The caller's own account has not come in time.
        """
        if account_id == other_id:
            raise InvalidInput(fields=[FieldError("account_id", "oneself", "this is the caller")])
        return await self._once_arrived(account_id, lambda: self._change(account_id, other_id, decide))

    async def _once_arrived(self, account_id: UUID, act: Callable[[], Awaitable[T]]) -> T:
        """Do something as an account, once more when its row was missed and has come.

        Raises:
            AccountNotReady: It has not come in time.
        """
        try:
            return await act()
        except AccountNotReady:
            await self._arrival.wait(account_id)
            return await act()

    async def _change(self, account_id: UUID, other_id: UUID, decide: Decide) -> Relation:
        async with self._database.transaction() as tx:
            held = await lock_accounts(tx, (account_id, other_id))
            if account_id not in held:
                raise AccountNotReady(f"{account_id} has a token and no row")
            if other_id not in held:
                raise AccountNotFound
            before = await repository.lock_relation(tx, account_id, other_id)
            change = decide(before, await repository.count_circles(tx, held))
            if change.relation != before:
                await repository.save_relation(tx, change.relation)
            if change.asks_full_at:
                await repository.save_asks(tx, account_id, change.asks_full_at)
            for event in change.events:
                await tx.publish(event)
                if isinstance(event, _NOTED):
                    kind = event.subject.rpartition(".")[2]
                    await self._journal.note(tx, account_id, kind, params={"account_id": str(other_id)})
            return change.relation
