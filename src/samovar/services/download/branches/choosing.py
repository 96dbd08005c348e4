"""Which build of a branch a player gets, for other rooms: password, rollout, and what the device has."""

import asyncio
from typing import NamedTuple
from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.errors import RateLimited
from samovar.kit.limits import Limits
from samovar.kit.routes import RateLimit
from samovar.services.download.branches import domain, repository
from samovar.services.download.branches.repository import Given
from samovar.services.download.errors import BranchNotFound, BranchPasswordWrong, NothingToDownload

_GUESSES = RateLimit(10, per_s=600)


class Chosen(NamedTuple):
    """What a player gets.

    Attributes:
        sequence: Of the branch.
    """

    build_id: UUID
    sequence: int


def chosen_of(given: Given, account_id: UUID, has_build_id: UUID | None) -> UUID:
    """Return the build that a player gets from a branch, whose password they know."""
    previous = given.previous_build_id
    if previous is None or has_build_id == given.build_id:
        return given.build_id
    is_in = not given.is_stopped and domain.is_in_rollout(
        given.app_id, given.name, given.build_id, account_id, given.percent
    )
    return given.build_id if is_in else previous


class Chooser:
    """Chooses. Passwords are guessed ten times in ten minutes at most, of one branch by one account."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    async def choose(
        self,
        app_id: UUID,
        name: str,
        password: str | None,
        *,
        account_id: UUID,
        has_build_id: UUID | None,
        is_developer: bool,
    ) -> Chosen:
        """Return which build it is.

        Raises:
            BranchNotFound: There is no such branch.
            BranchPasswordWrong: It has a password, and this is not it.
            NothingToDownload: The game's main branch gives no build yet.
            RateLimited: Too many were tried.
        """
        given = await repository.find(self._database, app_id, name)
        if given is None:
            raise (
                NothingToDownload(f"{app_id}")
                if name == domain.MAIN
                else BranchNotFound(f"{name} of {app_id}")
            )
        if given.password is not None and not is_developer:
            await self._check(given, password, account_id)
        return Chosen(chosen_of(given, account_id, has_build_id), given.sequence)

    async def _check(self, given: Given, password: str | None, account_id: UUID) -> None:
        if password is None:
            raise BranchPasswordWrong(given.name)
        decision = await self._limits.hit(
            f"branch:{given.app_id}:{given.name}:{account_id}", _GUESSES, when_away="closed"
        )
        if not decision.allowed:
            raise RateLimited(retry_after_s=decision.retry_after_s)
        if not await asyncio.to_thread(domain.is_password, given.password or "", password):
            raise BranchPasswordWrong(given.name)
