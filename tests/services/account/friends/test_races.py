"""Many at once, over two pools of connections as two processes have them: the rules hold whatever the order."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.clock import Clock, SystemClock
from samovar.kit.database import Database
from samovar.kit.errors import Conflict, SamovarError
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.account.activity.journal import Journal
from samovar.services.account.app import service
from samovar.services.account.friends.domain import FriendLimits
from samovar.services.account.friends.errors import (
    RequestClosed,
    TheirFriendsFull,
    TooManyBlocks,
    TooManyFriends,
    TooManyPending,
    TooManyRequestsToday,
)
from samovar.services.account.friends.pairs import Pairs
from samovar.services.account.friends.repository import relations_of
from samovar.services.account.friends.schemas import Direction
from samovar.services.account.friends.use_cases import Blocks, FriendRequests, Friends
from samovar.services.account.profiles.arrival import Arrival
from samovar.testing.clock import FakeClock

ROUNDS = 40
TTL = timedelta(days=90)
LIMITS = FriendLimits(friends=3, outgoing=3, requests_per_day=1_000, blocks=2, cooldown=timedelta(0))


class Process:
    """The use cases on a pool of their own.

    Args:
        database: The pool.
        limits: What an operator set.
        clock: What time it is.
    """

    def __init__(self, database: Database, limits: FriendLimits = LIMITS, clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        pairs = Pairs(
            database,
            arrival=Arrival(database, clock=clock, timeout_ms=0),
            journal=Journal(clock=clock, new_id=new_id),
        )
        self.database = database
        self.requests = FriendRequests(
            database, pairs=pairs, limits=limits, ttl=TTL, clock=clock, new_id=new_id
        )
        self.friends = Friends(database, pairs=pairs, clock=clock)
        self.blocks = Blocks(database, pairs=pairs, limits=limits, clock=clock)


@pytest.fixture(scope="module")
async def pools(postgres: PostgresServer) -> AsyncIterator[tuple[Database, Database]]:
    url = Secret(await postgres.create("account_races"))
    await migrate(url, service.migrations)
    one = await Database.open(url, service="account", pool_size_min=0, pool_size_max=4)
    other = await Database.open(url, service="account", pool_size_min=0, pool_size_max=4)
    yield one, other
    await one.close()
    await other.close()


@pytest.fixture
def processes(pools: tuple[Database, Database]) -> tuple[Process, Process]:
    return Process(pools[0]), Process(pools[1])


async def people(database: Database, count: int) -> list[UUID]:
    ids = [uuid4() for _ in range(count)]
    async with database.transaction() as tx:
        await tx.execute(
            "INSERT INTO accounts (id, display_name, registered_at) SELECT unnest($1::uuid[]), 'Анна', now()",
            ids,
        )
    return ids


async def outcome(action: Awaitable[object]) -> SamovarError | None:
    """Return what an action was refused with; a deadlock or any other fault of ours is none of the refusals."""
    refused: SamovarError | None = None
    try:
        await action
    except SamovarError as error:
        refused = error
    assert type(refused) is not Conflict, refused
    assert refused is None or refused.http_status < 500, refused
    return refused


async def friends_of(database: Database, account_id: UUID) -> int:
    count: int = await database.fetch_value(
        "SELECT count(*) FROM relation_sides WHERE account_id = $1 AND friends_since IS NOT NULL", account_id
    )
    return count


async def test_two_parallel_friend_requests_from_both_sides_become_one_friendship(
    processes: tuple[Process, Process],
) -> None:
    one, other = processes
    for _ in range(ROUNDS):
        anna, boris = await people(one.database, 2)
        first, second = await asyncio.gather(one.requests.send(anna, boris), other.requests.send(boris, anna))
        assert first.id == second.id
        assert sorted([first.state, second.state]) == ["accepted", "pending"]
        again = await one.requests.send(anna, boris), await other.requests.send(boris, anna)
        assert {(state.id, state.state) for state in again} == {(first.id, "accepted")}
        assert await friends_of(one.database, anna) == await friends_of(one.database, boris) == 1
        begun = await one.database.fetch_value(
            "SELECT count(*) FROM kit.outbox WHERE subject LIKE '%friendship_begun' AND aggregate_key LIKE $1",
            f"%{anna}%",
        )
        assert begun == 1


@pytest.mark.parametrize("blocker_is_sender", [True, False])
async def test_a_block_during_an_accept_leaves_a_block_and_no_friendship(
    processes: tuple[Process, Process], *, blocker_is_sender: bool
) -> None:
    one, other = processes
    refused = 0
    for number in range(ROUNDS):
        sender, recipient = await people(one.database, 2)
        request = await one.requests.send(sender, recipient)
        blocker, blocked = (sender, recipient) if blocker_is_sender else (recipient, sender)
        actions = [
            outcome(one.requests.accept(recipient, request.id)),
            outcome(other.blocks.add(blocker, blocked)),
        ]
        outcomes = await asyncio.gather(*(actions if number % 2 else reversed(actions)))
        refused += sum(one is not None for one in outcomes)
        seen = (await relations_of(one.database, blocker, [blocked]))[blocked]
        assert (seen.friends_since, seen.blocking, seen.pending) == (None, True, None)
        assert await friends_of(one.database, sender) == await friends_of(one.database, recipient) == 0
    assert refused <= ROUNDS


async def test_a_cancel_during_an_accept_is_one_or_the_other(processes: tuple[Process, Process]) -> None:
    one, other = processes
    for _ in range(ROUNDS):
        anna, boris = await people(one.database, 2)
        request = await one.requests.send(anna, boris)
        outcomes = await asyncio.gather(
            outcome(one.requests.cancel(anna, request.id)), outcome(other.requests.accept(boris, request.id))
        )
        assert sum(one is None for one in outcomes) == 1
        assert await friends_of(one.database, anna) == (outcomes[1] is None)


async def test_parallel_accepts_leave_neither_side_with_too_many_friends(
    processes: tuple[Process, Process],
) -> None:
    for _ in range(ROUNDS // 8):
        anna, *others = await people(processes[0].database, 9)
        sent = [await processes[0].requests.send(other, anna) for other in others]
        outcomes = await asyncio.gather(
            *(
                outcome(processes[number % 2].requests.accept(anna, request.id))
                for number, request in enumerate(sent)
            )
        )
        assert [type(one) for one in outcomes if one] == [TooManyFriends] * 5
        assert await friends_of(processes[0].database, anna) == 3


async def test_one_who_asked_many_has_no_more_friends_than_allowed_when_all_accept_at_once(
    pools: tuple[Database, Database],
) -> None:
    limits = msgspec.structs.replace(LIMITS, outgoing=9)
    processes = [Process(pool, limits) for pool in pools]
    anna, *others = await people(pools[0], 9)
    sent = [await processes[0].requests.send(anna, other) for other in others]
    outcomes = await asyncio.gather(
        *(
            outcome(processes[number % 2].requests.accept(other, request.id))
            for number, (other, request) in enumerate(zip(others, sent, strict=True))
        )
    )
    assert [type(one) for one in outcomes if one] == [TheirFriendsFull] * 5
    assert await friends_of(pools[0], anna) == 3


async def test_parallel_requests_and_blocks_stop_at_their_limits(processes: tuple[Process, Process]) -> None:
    anna, *others = await people(processes[0].database, 9)
    asked = await asyncio.gather(
        *(outcome(processes[n % 2].requests.send(anna, other)) for n, other in enumerate(others))
    )
    assert [type(one) for one in asked if one] == [TooManyPending] * 5
    blocked = await asyncio.gather(
        *(outcome(processes[n % 2].blocks.add(anna, other)) for n, other in enumerate(others))
    )
    assert [type(one) for one in blocked if one] == [TooManyBlocks] * 6


async def test_parallel_requests_stop_at_the_days_limit(pools: tuple[Database, Database]) -> None:
    limits = FriendLimits(friends=9, outgoing=9, requests_per_day=2, blocks=9, cooldown=timedelta(0))
    processes = [Process(pool, limits) for pool in pools]
    anna, *others = await people(pools[0], 7)
    asked = await asyncio.gather(
        *(outcome(processes[n % 2].requests.send(anna, other)) for n, other in enumerate(others))
    )
    refused = [one for one in asked if one]
    assert [type(one) for one in refused] == [TooManyRequestsToday] * 4
    assert all(43_000 < (one.retry_after_s or 0) <= 43_200 for one in refused)


@pytest.mark.parametrize("seed", range(6))
async def test_no_interleaving_makes_friends_who_block_or_breaks_a_limit(
    processes: tuple[Process, Process], seed: int
) -> None:
    chance = random.Random(seed)
    group = await people(processes[0].database, 5)
    await asyncio.gather(*(_live(chance.choice(processes), chance, group) for _ in range(16)))
    pairs = await processes[0].database.fetch_value(
        "SELECT count(*) FROM relations WHERE low_id = ANY($1) AND high_id = ANY($1)", group
    )
    assert pairs <= 10
    for account_id in group:
        count = await processes[0].database.fetch_one(
            """
            SELECT count(*) FILTER (WHERE friends_since IS NOT NULL) AS friends,
                   count(*) FILTER (WHERE blocks_since IS NOT NULL) AS blocks,
                   count(*) FILTER (WHERE friends_since IS NOT NULL AND blocks_since IS NOT NULL) AS both
            FROM relation_sides WHERE account_id = $1
            """,
            account_id,
            into=_Count,
        )
        assert count
        assert (count.friends <= 3, count.blocks <= 2, count.both) == (True, True, 0)
    gaps = await processes[0].database.fetch_value(
        """
        SELECT count(*) FROM (
            SELECT aggregate_version - lag(aggregate_version, 1, 0::bigint)
                OVER (PARTITION BY aggregate_key ORDER BY seq) AS step
            FROM kit.outbox
        ) steps WHERE step <> 1
        """
    )
    assert gaps == 0


class _Count(msgspec.Struct, frozen=True):
    friends: int
    blocks: int
    both: int


async def _live(process: Process, chance: random.Random, group: list[UUID]) -> None:
    """Do a dozen things in a row, each as somebody to somebody."""
    for _ in range(12):
        one, other = chance.sample(group, 2)
        match chance.choice(
            ["ask", "ask", "ask", "accept", "accept", "decline", "cancel", "end", "block", "unblock"]
        ):
            case "ask":
                action: Awaitable[object] = process.requests.send(one, other)
            case "end":
                action = process.friends.end(one, other)
            case "block":
                action = process.blocks.add(one, other)
            case "unblock":
                action = process.blocks.remove(one, other)
            case answer:
                action = _answer(process, answer, one, other)
        await outcome(action)


async def _answer(process: Process, answer: str, one: UUID, other: UUID) -> None:
    direction: Direction = "outgoing" if answer == "cancel" else "incoming"
    page = await process.requests.list_pending(one, direction, None, 100)
    for request in page.items:
        if request.account.account_id == other:
            await getattr(process.requests, answer)(one, request.id)


async def test_a_request_that_nobody_answers_expires_and_one_that_never_arrived_does_so_in_silence(
    pools: tuple[Database, Database],
) -> None:
    clock = FakeClock()
    process = Process(pools[0], clock=clock)
    anna, boris, blocker = await people(pools[0], 3)
    await process.blocks.add(blocker, anna)
    request = await process.requests.send(anna, boris)
    await process.requests.send(anna, blocker)
    await process.requests.expire_old()
    assert len((await process.requests.list_pending(anna, "outgoing", None, 10)).items) == 2
    clock.advance(TTL.total_seconds() + 60)
    await process.requests.expire_old()
    assert (await process.requests.list_pending(anna, "outgoing", None, 10)).items == []
    assert isinstance(await outcome(process.requests.accept(boris, request.id)), RequestClosed)
    closed = await pools[0].fetch_value(
        "SELECT count(*) FROM kit.outbox WHERE subject LIKE '%request_closed' AND payload::text LIKE $1",
        f"%{anna}%",
    )
    assert closed == 1
    assert (await process.requests.send(anna, boris)).state == "pending"


async def test_an_account_that_is_gone_leaves_nothing_behind(processes: tuple[Process, Process]) -> None:
    anna, boris = await people(processes[0].database, 2)
    await processes[0].requests.send(anna, boris)
    async with processes[0].database.transaction() as tx:
        await tx.execute("DELETE FROM accounts WHERE id = $1", anna)
    left = await processes[0].database.fetch_value(
        "SELECT count(*) FROM relations WHERE $1 IN (low_id, high_id)", anna
    )
    assert left == 0
    assert (await processes[0].requests.list_pending(boris, "incoming", None, 10)).items == []
