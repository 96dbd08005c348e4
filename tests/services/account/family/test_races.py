"""Many at once, over two pools of connections as two processes have them, and what the clock does to families."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.clock import Clock, SystemClock
from samovar.kit.database import Database
from samovar.kit.errors import Conflict, SamovarError
from samovar.kit.identity import Caller
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.account.activity.journal import Journal
from samovar.services.account.app import service
from samovar.services.account.family.domain import FamilyRules, Role
from samovar.services.account.family.errors import (
    FamilyFull,
    FamilyRequestClosed,
    InFamily,
    InviteClosed,
    LastAdult,
    NoFamily,
)
from samovar.services.account.family.limits.schemas import LimitsChange
from samovar.services.account.family.limits.use_cases import Limits
from samovar.services.account.family.requests.schemas import NewPlayTimeRequest, NewPurchaseRequest
from samovar.services.account.family.requests.use_cases import FamilyRequests
from samovar.services.account.family.schemas import NewInvite
from samovar.services.account.family.use_cases import Families, Invites
from samovar.services.account.friends.domain import Relation, Request
from samovar.services.account.friends.repository import relations_of, save_relation
from samovar.services.account.profiles.domain import age_level
from samovar.testing.clock import FakeClock
from tests.services.account.family.conftest import EverythingSold

ROUNDS = 15
TODAY = datetime.now(UTC).date()
BORN = {"adult": date(1990, 5, 1), "child": date(TODAY.year - 10, 1, 1)}
RULES = FamilyRules(size=4, cooldown=timedelta(days=365), invite_ttl=timedelta(days=14))
LIMITED = LimitsChange(
    age_max=None,
    minutes_by_weekday=(60, 60, 60, 60, 60, 60, 60),
    hours=None,
    time_zone="Europe/Moscow",
    may_open_store=True,
    chat="friends",
    purchases="approval",
)


class Process:
    """The use cases on a pool of their own.

    Args:
        database: The pool.
        clock: What time it is.
    """

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        self.database = database
        journal = Journal(clock=clock, new_id=new_id)
        self.families = Families(database, rules=RULES, journal=journal, clock=clock, new_id=new_id)
        self.invites = Invites(database, rules=RULES, journal=journal, clock=clock, new_id=new_id)
        self.limits = Limits(database, journal=journal, clock=clock)
        self.requests = FamilyRequests(
            database,
            store=EverythingSold(),
            purchase_ttl=timedelta(days=7),
            pending_max=5,
            clock=clock,
            new_id=new_id,
        )


@pytest.fixture(scope="module")
async def pools(postgres: PostgresServer) -> AsyncIterator[tuple[Database, Database]]:
    url = Secret(await postgres.create("account_family_races"))
    await migrate(url, service.migrations)
    one = await Database.open(url, service="account", pool_size_min=0, pool_size_max=4)
    other = await Database.open(url, service="account", pool_size_min=0, pool_size_max=4)
    yield one, other
    await one.close()
    await other.close()


@pytest.fixture
def processes(pools: tuple[Database, Database]) -> tuple[Process, Process]:
    return Process(pools[0]), Process(pools[1])


def caller(account_id: UUID) -> Caller:
    """Return who a token of an account speaks for."""
    now = datetime.now(UTC)
    return Caller(
        account_id=account_id,
        session_id=uuid4(),
        roles=("player",),
        auth_time=now,
        expires_at=now + timedelta(minutes=10),
        token=Secret("x"),
    )


async def people(database: Database, count: int, role: Role = "adult") -> list[UUID]:
    """Add people, all of them friends of one another."""
    ids = sorted(uuid4() for _ in range(count))
    born = BORN[role]
    async with database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO accounts (id, display_name, registered_at, birth_date, age_source, age_level)
            SELECT unnest($1::uuid[]), 'Анна', now(), $2, 'self', $3
            """,
            ids,
            born,
            age_level(born, TODAY),
        )
    await befriend(database, ids, ids)
    return ids


async def befriend(database: Database, some: list[UUID], others: list[UUID]) -> None:
    now = datetime.now(UTC)
    async with database.transaction() as tx:
        for one, other in {(min(a, b), max(a, b)) for a in some for b in others if a != b}:
            asked = Request(id=new_id(), sender_id=one, state="accepted", sent_at=now)
            await save_relation(tx, Relation.between(one, other).told(friends_since=now, request=asked))


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


async def take_in(process: Process, adult: UUID, other: UUID, role: Role) -> None:
    invite = await process.invites.send(adult, NewInvite(other, role))
    await process.invites.accept(other, invite.id)


async def with_child(process: Process) -> tuple[UUID, UUID, UUID]:
    """Make a family of two adults and a child."""
    anna, boris = await people(process.database, 2)
    (vera,) = await people(process.database, 1, "child")
    await befriend(process.database, [vera], [anna, boris])
    await process.families.create(anna)
    await take_in(process, anna, boris, "adult")
    await take_in(process, anna, vera, "child")
    return anna, boris, vera


async def members(process: Process, account_id: UUID) -> list[UUID]:
    family = await process.families.find(account_id)
    return [member.account_id for member in family.members] if family else []


async def test_a_family_that_is_made_twice_at_once_is_made_once(processes: tuple[Process, Process]) -> None:
    for _ in range(ROUNDS):
        (anna,) = await people(processes[0].database, 1)
        outcomes = await asyncio.gather(*(outcome(process.families.create(anna)) for process in processes))
        assert [type(one) for one in outcomes if one] == [InFamily]
        assert await members(processes[0], anna) == [anna]


async def test_one_who_accepts_two_invites_at_once_is_in_one_family(
    processes: tuple[Process, Process],
) -> None:
    for _ in range(ROUNDS):
        anna, boris, vera = await people(processes[0].database, 3)
        sent = []
        for founder in (anna, boris):
            await processes[0].families.create(founder)
            sent.append(await processes[0].invites.send(founder, NewInvite(vera, "adult")))
        outcomes = await asyncio.gather(
            *(
                outcome(process.invites.accept(vera, invite.id))
                for process, invite in zip(processes, sent, strict=True)
            )
        )
        assert [type(one) for one in outcomes if one] == [InFamily]
        assert len(await members(processes[0], anna)) + len(await members(processes[0], boris)) == 3


async def test_parallel_invites_stop_at_the_free_places(processes: tuple[Process, Process]) -> None:
    anna, *others = await people(processes[0].database, 8)
    await processes[0].families.create(anna)
    outcomes = await asyncio.gather(
        *(
            outcome(processes[n % 2].invites.send(anna, NewInvite(other, "adult")))
            for n, other in enumerate(others)
        )
    )
    assert [type(one) for one in outcomes if one] == [FamilyFull] * 4


async def test_two_adults_who_leave_at_once_leave_no_child_alone(processes: tuple[Process, Process]) -> None:
    for _ in range(ROUNDS):
        anna, boris, vera = await with_child(processes[0])
        outcomes = await asyncio.gather(
            *(
                outcome(process.families.remove_member(adult, adult))
                for process, adult in zip(processes, (anna, boris), strict=True)
            )
        )
        assert [type(one) for one in outcomes if one] == [LastAdult]
        assert len(await members(processes[0], vera)) == 2


async def test_a_family_that_is_dissolved_during_an_accept_keeps_nobody(
    processes: tuple[Process, Process],
) -> None:
    one, other = processes
    for number in range(ROUNDS):
        anna, boris = await people(one.database, 2)
        await one.families.create(anna)
        invite = await one.invites.send(anna, NewInvite(boris, "adult"))
        actions = [outcome(one.families.dissolve(anna)), outcome(other.invites.accept(boris, invite.id))]
        await asyncio.gather(*(actions if number % 2 else reversed(actions)))
        assert await members(one, anna) in ([], [anna, boris])
        assert await members(one, boris) == await members(one, anna)


async def test_of_two_adults_who_approve_at_once_one_pays(processes: tuple[Process, Process]) -> None:
    for _ in range(ROUNDS):
        anna, boris, vera = await with_child(processes[0])
        asked = await processes[0].requests.ask_for_purchase(vera, NewPurchaseRequest(new_id()))
        answers = await asyncio.gather(
            *(
                process.requests.approve(adult, asked.id, "purchase")
                for process, adult in zip(processes, (anna, boris), strict=True)
            )
        )
        assert len({answer.decided_by for answer in answers}) == 1
        announced = await processes[0].database.fetch_value(
            "SELECT count(*) FROM kit.outbox WHERE aggregate_key = $1 AND subject LIKE '%_approved'",
            str(asked.id),
        )
        assert announced == 1


async def test_an_approval_and_a_refusal_at_once_are_one_of_both(processes: tuple[Process, Process]) -> None:
    for _ in range(ROUNDS):
        anna, boris, vera = await with_child(processes[0])
        asked = await processes[0].requests.ask_for_purchase(vera, NewPurchaseRequest(new_id()))
        outcomes = await asyncio.gather(
            outcome(processes[0].requests.approve(anna, asked.id, "purchase")),
            outcome(processes[1].requests.decline(boris, asked.id, "purchase")),
        )
        assert [type(one) for one in outcomes if one] == [FamilyRequestClosed]


async def test_a_package_asked_for_many_times_at_once_is_one_request(
    processes: tuple[Process, Process],
) -> None:
    _, _, vera = await with_child(processes[0])
    wish = NewPurchaseRequest(new_id())
    asked = await asyncio.gather(*(processes[n % 2].requests.ask_for_purchase(vera, wish) for n in range(8)))
    assert len({request.id for request in asked}) == 1


@pytest.mark.parametrize("seed", range(4))
async def test_no_interleaving_overfills_a_family_or_leaves_a_child_alone(
    processes: tuple[Process, Process], seed: int
) -> None:
    chance = random.Random(seed)
    database = processes[0].database
    adults, children = await people(database, 4), await people(database, 3, "child")
    await befriend(database, children, adults)
    await asyncio.gather(*(_live(chance.choice(processes), chance, adults, children) for _ in range(10)))
    crowded = await database.fetch_value(
        """
        SELECT count(*) FROM families f WHERE
            (SELECT count(*) FROM family_members m WHERE m.family_id = f.id)
            + (SELECT count(*) FROM family_departures d WHERE d.family_id = f.id) > 4
        """
    )
    abandoned = await database.fetch_value(
        """
        SELECT count(*) FROM families f WHERE NOT EXISTS (
            SELECT FROM family_members m WHERE m.family_id = f.id AND m.role = 'adult'
        )
        """
    )
    gaps = await database.fetch_value(
        """
        SELECT count(*) FROM (
            SELECT aggregate_version - lag(aggregate_version, 1, 0::bigint)
                OVER (PARTITION BY aggregate_key ORDER BY seq) AS step
            FROM kit.outbox WHERE subject LIKE '%family_%' OR subject LIKE '%child_limits_%'
        ) steps WHERE step <> 1
        """
    )
    assert (crowded, abandoned, gaps) == (0, 0, 0)


async def _live(process: Process, chance: random.Random, adults: list[UUID], children: list[UUID]) -> None:
    """Do a dozen things in a row, each as somebody."""
    for _ in range(12):
        adult, other = chance.sample(adults, 2)
        child = chance.choice(children)
        match chance.choice(
            ["create", "invite", "invite", "child", "child", "accept", "accept", "leave", "remove", "end"]
        ):
            case "create":
                action: Awaitable[object] = process.families.create(adult)
            case "invite":
                action = process.invites.send(adult, NewInvite(other, "adult"))
            case "child":
                action = process.invites.send(adult, NewInvite(child, "child"))
            case "leave":
                action = process.families.remove_member(adult, adult)
            case "remove":
                action = process.families.remove_member(adult, child)
            case "end":
                action = process.families.dissolve(adult)
            case _:
                action = _accept(process, chance.choice([other, child, child]))
        await outcome(action)


async def _accept(process: Process, account_id: UUID) -> None:
    page = await process.invites.list_pending(account_id, "incoming", None, 10)
    for invite in page.items[:1]:
        await process.invites.accept(account_id, invite.id)


async def test_what_nobody_answers_runs_out(pools: tuple[Database, Database]) -> None:
    clock = FakeClock(datetime.now(UTC))
    process = Process(pools[0], clock)
    anna, boris, vera = await with_child(process)
    (gleb,) = await people(pools[0], 1)
    await befriend(pools[0], [gleb], [anna])
    invite = await process.invites.send(anna, NewInvite(gleb, "adult"))
    await process.limits.change(caller(anna), vera, LIMITED, if_match=None)
    purchase = await process.requests.ask_for_purchase(vera, NewPurchaseRequest(new_id()))
    time = await process.requests.ask_for_play_time(vera, NewPlayTimeRequest(30))
    clock.set(time.expires_at)
    late = await outcome(process.requests.approve(boris, time.id, "play_time"))
    assert isinstance(late, FamilyRequestClosed)
    tomorrow = await process.requests.ask_for_play_time(vera, NewPlayTimeRequest(30))
    assert (tomorrow.id != time.id, tomorrow.day) == (True, (time.day or TODAY) + timedelta(days=1))
    clock.advance(15 * 86_400)
    assert isinstance(await outcome(process.invites.accept(gleb, invite.id)), InviteClosed)
    await process.invites.tidy()
    await process.requests.tidy()
    states = {
        "invite": await pools[0].fetch_value("SELECT state FROM family_invites WHERE id = $1", invite.id),
        "purchase": await pools[0].fetch_value(
            "SELECT state FROM family_requests WHERE id = $1", purchase.id
        ),
        "time": await pools[0].fetch_value("SELECT state FROM family_requests WHERE id = $1", tomorrow.id),
    }
    assert set(states.values()) == {"expired"}
    assert (await process.invites.send(anna, NewInvite(gleb, "adult"))).id != invite.id


async def test_what_is_long_over_is_forgotten(pools: tuple[Database, Database]) -> None:
    clock = FakeClock(datetime.now(UTC))
    process = Process(pools[0], clock)
    anna, boris, vera = await with_child(process)
    await process.limits.change(caller(anna), vera, LIMITED, if_match=None)
    asked = await process.requests.ask_for_play_time(vera, NewPlayTimeRequest(30))
    await process.requests.approve(anna, asked.id, "play_time")
    await process.families.remove_member(boris, boris)
    clock.advance(366 * 86_400)
    await process.families.tidy()
    await process.invites.tidy()
    await process.requests.tidy()
    for table in ("family_departures", "family_invites", "family_requests", "child_extra_time"):
        left = await pools[0].fetch_value(
            f"SELECT count(*) FROM {table} WHERE account_id = ANY($1)", [anna, boris, vera]
        )
        assert (table, left) == (table, 0)
    assert (await process.families.show(anna)).free_places == 2


async def test_a_family_whose_last_adult_is_erased_frees_its_children(
    processes: tuple[Process, Process],
) -> None:
    anna, boris, vera = await with_child(processes[0])
    async with processes[0].database.transaction() as tx:
        await tx.execute("DELETE FROM accounts WHERE id = ANY($1)", [anna, boris])
    await processes[0].families.tidy()
    assert isinstance(await outcome(processes[0].families.show(vera)), NoFamily)
    relations = await relations_of(processes[0].database, vera, [anna])
    assert relations[anna].friends_since is None
