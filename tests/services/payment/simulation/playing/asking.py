"""How anybody in a story asks for something: under a key of their own, now and then twice at one moment, or the same again later."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.idempotency import Idempotency, Once
from samovar.kit.identity import Caller
from samovar.kit.settings import Secret
from tests.services.payment.simulation.scheduler import START
from tests.services.payment.simulation.working import Act
from tests.services.payment.simulation.world import World

DUPLICATES = 0.2
REMEMBERED = 8


class Asking:
    """Whoever sends the requests of a story."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.scheduler.chance
        self._keys = 0
        self._asked: list[tuple[str, Act]] = []

    async def ask(self, name: str, person: UUID, act: Callable[[Once], Awaitable[object]]) -> None:
        """Send a request under a key of its own; now and then twice at one moment."""
        self._keys += 1
        key = f"{self.world.scheduler.seed}-{self._keys}"

        async def request() -> None:
            await _forget_dead_attempt(self.world.database, key)
            once = await Idempotency(self.world.database, self.world.new_id).begin(
                scope=str(person), route=name, key=key, request=name.encode(), status=201
            )
            if isinstance(once, Once):
                try:
                    await act(once)
                except SamovarError as error:
                    await (
                        once.refuse(409, "application/json", b"{}")
                        if error.http_status < 500
                        else once.forget()
                    )
                    raise

        self._asked.append((name, request))
        await self.spawn(name, request)
        if self.chance.random() < DUPLICATES:
            await self.spawn(f"{name} twice", request)

    async def repeat(self) -> None:
        """Let a client that had no answer, or has lost it, ask the same again."""
        if self._asked:
            name, act = self.chance.choice(self._asked[-REMEMBERED:])
            await self.spawn(f"{name} again", act)

    async def spawn(self, name: str, act: Act) -> None:
        """Let somebody begin with something."""
        await self.world.scheduler.spawn(name, act)

    async def one(self, sql: str, *args: object) -> Any:
        """Return one of the rows that a query finds, with an `id` and an `account_id`; none: there are none."""
        found = await self.all(sql, *args)
        return self.chance.choice(found) if found else None

    async def all(self, sql: str, *args: object) -> Sequence[Any]:
        """Return what a query finds."""
        return await self.world.database.fetch(sql, *args, into=_Known)


class _Known(msgspec.Struct, frozen=True):
    id: UUID
    account_id: UUID


async def _forget_dead_attempt(database: Database, key: str) -> None:
    """Let the lease of an attempt whose process died run out, as a minute would."""
    async with database.transaction() as tx:
        await tx.execute(
            "UPDATE kit.idempotency_keys SET locked_until = now() - interval '1 s' WHERE key = $1 AND status IS NULL",
            key,
        )


def caller(person: UUID, role: str = "player") -> Caller:
    """Return somebody who asks."""
    return Caller(
        account_id=person,
        session_id=person,
        roles=(role,),
        auth_time=START,
        expires_at=START + timedelta(days=1),
        token=Secret("none"),
    )
