"""One seed from beginning to end, and databases to run seeds on."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import islice
from uuid import uuid4

import msgspec

from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.runtime import Service
from samovar.kit.settings import Secret
from samovar.services.library.app import service as library_service
from samovar.services.payment.app import service as payment_service
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from tests.services.payment.simulation.judging import come_to_rest, faults_of
from tests.services.payment.simulation.planting import Planted
from tests.services.payment.simulation.story import Story
from tests.services.payment.simulation.wires import GatedDatabase
from tests.services.payment.simulation.world import Platform, World

POOL_MAX = 24
LANES = 4
# The checks read all of a database: a fresh one now and then keeps them short.
SEEDS_A_DATABASE = 40
PLANTED_SEEDS = 80


class Verdict(msgspec.Struct, frozen=True):
    """What came of a seed: what is wrong, and all that happened."""

    seed: int
    faults: list[str]
    trace: list[str]


@asynccontextmanager
async def platform(postgres: PostgresServer) -> AsyncIterator[Platform]:
    """Make databases of both services, which need not outlive the machine, and build on them."""
    payment_url, library_url = await _made(postgres, payment_service), await _made(postgres, library_service)
    payment = await GatedDatabase.open(
        payment_url, service="payment", pool_size_min=1, pool_size_max=POOL_MAX
    )
    library = await GatedDatabase.open(
        library_url, service="library", pool_size_min=1, pool_size_max=POOL_MAX
    )
    monitor = await Database.open(payment_url, service="payment", pool_size_min=1, pool_size_max=1)
    made = Platform(payment, library, monitor)
    for database in (payment, library):
        database._clock, database._new_id = made.clock, made.new_id
    await made.open()
    yield made
    for opened in (payment, library, monitor):
        await opened.close()


async def _made(postgres: PostgresServer, service: Service) -> Secret:
    name = f"{service.name}_{uuid4().hex[:12]}"
    url = Secret(await postgres.create(name))
    await migrate(url, service.migrations)
    database = await Database.open(url, service=service.name, pool_size_min=0, pool_size_max=1)
    async with database.transaction() as tx:
        await tx.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    await database.close()
    return url


async def run(on: Platform, seed: int, *, planted: Planted | None = None) -> Verdict:
    """Run a seed to its rest and judge it."""
    world = World(on, seed, planted=planted)
    for provider in world.providers:
        account = Account(Kind.CLEARING, provider.name)
        world.owed_before[provider.name] = -(await posting.balance(world.database, account)).posted
    world.owed_before["bank"] = (await posting.balance(world.database, Account(Kind.BANK))).posted
    story = Story(world)
    try:
        await story.go()
        await come_to_rest(story)
        faults = await faults_of(story)
    finally:
        await world.scheduler.end()
        on.stage.scheduler = None
    return Verdict(seed, faults, world.scheduler.trace)


async def run_many(
    postgres: PostgresServer, seeds: Iterable[int], *, lanes: int = LANES
) -> AsyncIterator[Verdict]:
    """Run seeds, several side by side on databases of their own, and yield what came of each."""
    left = iter(seeds)
    done: asyncio.Queue[Verdict | None] = asyncio.Queue()

    async def lane() -> None:
        while some := list(islice(left, SEEDS_A_DATABASE)):
            async with platform(postgres) as on:
                for seed in some:
                    await done.put(await run(on, seed))
        await done.put(None)

    running = [asyncio.create_task(lane()) for _ in range(lanes)]
    ended = 0
    try:
        while ended < lanes:
            got = asyncio.ensure_future(done.get())
            await asyncio.wait(
                [got, *(task for task in running if not task.done())], return_when=asyncio.FIRST_COMPLETED
            )
            if not got.done():
                got.cancel()
                for task in running:
                    if task.done():
                        task.result()
                continue
            verdict = got.result()
            if verdict is None:
                ended += 1
            else:
                yield verdict
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def first_fault(postgres: PostgresServer, planted: Planted, *, lately: int = 1) -> list[str]:
    """Return what is wrong with the first seed that finds a planted fault; nothing: none does.

    Args:
        postgres: Where the books are kept.
        planted: The fault.
        lately: The seed that found it when the test was written: the others follow where it does not any more.
    """
    async with platform(postgres) as on:
        for seed in sorted(range(1, PLANTED_SEEDS), key=lambda one: one != lately):
            verdict = await run(on, seed, planted=planted)
            if verdict.faults:
                return verdict.faults
    return []
