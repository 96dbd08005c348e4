"""What lies between actors: the databases with their gates, and calls to the other services, answered in this process."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from samovar.kit.database import Database, Isolation, Transaction
from samovar.kit.errors import Unavailable
from samovar.services.account.contract.v1_pb2 import BatchGetLimitsResponse
from samovar.services.auth.contract.v1_pb2 import BatchGetHoldsResponse
from samovar.services.catalog.contract.v1_pb2 import App, BatchGetAppsResponse
from tests.services.payment.simulation.scheduler import Scheduler

AWAY, LOST = 0.04, 0.04


class Stage:
    """Where the scheduler of the present seed stands, and what is not out in it, for what outlives a seed."""

    def __init__(self) -> None:
        self.scheduler: Scheduler | None = None
        self.coming: set[UUID] = set()

    async def gate(self, name: str) -> None:
        """Pass a gate of the present seed."""
        if self.scheduler:
            await self.scheduler.gate(name)

    def roll(self, share: float) -> bool:
        """Whether a fault happens."""
        return self.scheduler is not None and self.scheduler.roll(share)


class GatedDatabase(Database):
    """A database in whose transactions an actor can be stopped and can die."""

    stage: Stage

    @asynccontextmanager
    async def transaction(self, *, isolation: Isolation = "read_committed") -> AsyncIterator[Transaction]:
        """Open a transaction between gates."""
        await self.stage.gate("begin")
        async with super().transaction(isolation=isolation) as tx:
            yield tx
            await self.stage.gate("commit")
        await self.stage.gate("committed")


class Peers:
    """The other services, by the methods of their contracts; calls get lost on both ways."""

    def __init__(self, stage: Stage, library: Any) -> None:
        self._stage = stage
        self._library = library

    def channel(self, service: str) -> "_Channel":
        """Return what a stub takes for a channel."""
        del service
        return _Channel(self._stage, self._library)

    async def close(self) -> None:
        """Nothing is open."""


class _Channel:
    def __init__(self, stage: Stage, library: Any) -> None:
        self._stage = stage
        self._library = library

    def unary_unary(self, method: str, **_: Any) -> Callable[..., Any]:
        name = method.rpartition("/")[2]

        async def call(request: Any, **_: Any) -> Any:
            await self._stage.gate(f"calls {name}")
            if self._stage.roll(AWAY):
                raise Unavailable("nobody there")
            answer = await self._answer(name, request)
            if self._stage.roll(LOST):
                raise Unavailable("the answer was lost")
            return answer

        return call

    async def _answer(self, name: str, request: Any) -> Any:
        if name == "BatchGetHolds":
            return BatchGetHoldsResponse()
        if name == "BatchGetLimits":
            return BatchGetLimitsResponse()
        if name == "BatchGetApps":
            return BatchGetAppsResponse(
                apps={app_id: App(slug=app_id, stage=self._stage_of(app_id)) for app_id in request.app_ids}
            )
        return await getattr(self._library, name)(request, None)

    def _stage_of(self, app_id: str) -> str:
        return "coming_soon" if UUID(app_id) in self._stage.coming else "released"


class EveryoneWilling:
    """What gifts ask of others: everybody may have everything, and now and then nobody answers."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.residences = self.catalog = self.people = self.library = self

    async def of(self, people: Sequence[UUID]) -> dict[UUID, str]:
        """Return where people live."""
        await self._stage.gate("asks where somebody lives")
        if self._stage.roll(AWAY):
            raise Unavailable("account is away")
        return dict.fromkeys(people, "RU")

    async def exists(self, account_id: UUID) -> bool:
        """Return whether there is such an account."""
        del account_id
        await self._stage.gate("asks whether there is somebody")
        if self._stage.roll(AWAY):
            raise Unavailable("account is away")
        return True

    async def is_activatable(self, package_id: UUID, country: str) -> bool:
        """Return whether a package may be had somewhere."""
        del package_id, country
        return True

    async def packages(self, package_ids: Sequence[UUID]) -> dict[UUID, Any]:
        """Return what is for sale: none of it has an age mark."""
        del package_ids
        return {}

    async def owned(self, account_id: UUID, app_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Return what somebody has."""
        del account_id, app_ids
        return frozenset()


class Signed:
    """Of T-Bank: whatever comes has its signature."""

    def is_genuine(self, body: dict[str, Any]) -> bool:
        """Return whether it is signed by them."""
        return bool(body)
