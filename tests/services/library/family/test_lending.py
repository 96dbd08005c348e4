"""Families: what one owns the others may play, as many at one time as own it, and it is not theirs."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.account.contract.family_events import FamilyMemberJoined, FamilyMemberLeft
from samovar.services.library.errors import GameNotFound
from samovar.services.library.family import consumers
from samovar.services.library.family.use_cases import FamilyMembers
from samovar.services.library.licences.use_cases import Licences
from samovar.services.library.play import domain
from samovar.services.library.play.errors import PlaySessionOver, SharedGameInUse
from samovar.services.library.play.schemas import NewPlaySession, OfflineBatch, OfflineSession
from samovar.services.library.play.use_cases import PlaySessions
from samovar.testing.clock import FakeClock
from tests.services.library.licences.grants import wanted

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


class _Family:
    """Three people, the first of whom owns a game."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.family_id, self.app_id = new_id(), new_id()
        self.owner, self.child, self.aunt = uuid4(), uuid4(), uuid4()
        self.licences = Licences(database, clock=clock, new_id=new_id)
        self.play = PlaySessions(database, clock=clock, new_id=new_id)
        self._database = database

    async def hear(self, *events: FamilyMemberJoined | FamilyMemberLeft) -> None:
        """Hear what account tells."""
        for event in events:
            async with self._database.transaction() as tx:
                if isinstance(event, FamilyMemberJoined):
                    await consumers.join_family.handler(event, tx, FamilyMembers())
                else:
                    await consumers.leave_family.handler(event, tx, FamilyMembers())

    def joined(self, account_id: UUID, version: int) -> FamilyMemberJoined:
        """Return the event of one who joins."""
        return FamilyMemberJoined(
            family_id=self.family_id,
            account_id=account_id,
            role="adult",
            family_version=version,
            joined_at=NOON,
        )

    def left(self, account_id: UUID, version: int) -> FamilyMemberLeft:
        """Return the event of one who leaves."""
        return FamilyMemberLeft(
            family_id=self.family_id,
            account_id=account_id,
            reason="left",
            family_version=version,
            left_at=NOON,
        )

    async def own(self, account_id: UUID, **said: object) -> UUID:
        """Give somebody the game."""
        licence, _ = await self.licences.grant(wanted(account_id=account_id, app_ids=(self.app_id,), **said))
        return licence.id

    async def start(self, account_id: UUID) -> UUID:
        """Start the game and return the session."""
        return (await self.play.start(account_id, self.app_id, NewPlaySession(device_id="pc"))).session_id

    async def beat(self, account_id: UUID, session_id: UUID) -> int:
        """Send a heartbeat and return what is counted of the session."""
        return (await self.play.beat(account_id, self.app_id, session_id, None)).played_s

    async def kinds(self, account_id: UUID) -> tuple[str, ...]:
        """Return by which rights somebody may play, after looking that what is borrowed is not owned."""
        held = (await self.licences.check(account_id, [self.app_id])).get(self.app_id)
        if held is None:
            return ()
        assert (held.since is None) == (set(held.kinds) <= {"family"})
        return tuple(sorted(held.kinds))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
async def family(own_database: Database, clock: FakeClock) -> _Family:
    made = _Family(own_database, clock)
    await made.own(made.owner)
    people = (made.owner, made.child, made.aunt)
    await made.hear(*(made.joined(one, version) for version, one in enumerate(people, 2)))
    return made


async def test_what_one_owns_the_others_may_play_and_do_not_own(family: _Family, clock: FakeClock) -> None:
    assert await family.kinds(family.owner) == ("purchase",)
    assert await family.kinds(family.child) == ("family",)
    assert await family.kinds(uuid4()) == ()
    session_id = await family.start(family.child)
    clock.advance(60)
    assert await family.beat(family.child, session_id) == 60
    held = (await family.licences.check(family.child, [family.app_id]))[family.app_id]
    assert (held.since, held.play_minutes) == (None, 1)
    with pytest.raises(GameNotFound):
        await family.start(uuid4())


async def test_as_many_play_at_one_time_as_own_it(family: _Family, clock: FakeClock) -> None:
    session_id = await family.start(family.child)
    with pytest.raises(SharedGameInUse):
        await family.start(family.aunt)
    clock.advance(domain.SILENT_AFTER_S + 1)
    # Of a session that went silent nobody says any more that it runs.
    later = await family.start(family.aunt)
    with pytest.raises(PlaySessionOver):
        await family.beat(family.child, session_id)
    await family.own(family.child, kind="gift")
    assert await family.kinds(family.child) == ("family", "gift")
    await family.start(family.child)
    clock.advance(60)
    assert await family.beat(family.aunt, later) == 60


async def test_an_owner_who_plays_comes_first(family: _Family, clock: FakeClock) -> None:
    borrowed = await family.start(family.child)
    clock.advance(30)
    own = await family.start(family.owner)
    clock.advance(30)
    with pytest.raises(PlaySessionOver):
        await family.beat(family.child, borrowed)
    assert await family.beat(family.owner, own) == 30
    with pytest.raises(SharedGameInUse):
        await family.start(family.child)


async def test_who_leaves_or_loses_the_game_takes_it_along(family: _Family, clock: FakeClock) -> None:
    borrowed = await family.start(family.child)
    await family.hear(family.left(family.owner, 9))
    clock.advance(60)
    with pytest.raises(PlaySessionOver):
        await family.beat(family.child, borrowed)
    assert "family" not in await family.kinds(family.child)
    licence_id = await family.own(family.aunt)
    assert await family.kinds(family.child) == ("family",)
    await family.licences.revoke(licence_id, reason="refunded")
    assert await family.kinds(family.child) == ()


@pytest.mark.parametrize("kind", ["trial", "free", "family"])
async def test_what_is_not_kept_is_not_lent(family: _Family, kind: str) -> None:
    for licence in await family.licences.list_licences(family.owner, None, 10):
        await family.licences.revoke(licence.id, reason="refunded")
    await family.own(family.owner, kind=kind, expires_at=NOON + timedelta(days=1))
    assert await family.kinds(family.child) == ()


async def test_what_is_heard_late_or_twice_changes_nothing(family: _Family) -> None:
    cousin = uuid4()
    story: tuple[FamilyMemberJoined | FamilyMemberLeft, ...] = (
        family.joined(cousin, 11),
        family.left(cousin, 12),
        family.joined(cousin, 13),
    )
    for order in permutations([*story, story[1]]):
        await family.hear(*order)
        assert await family.kinds(cousin) == ("family",)
    await family.hear(family.left(cousin, 14), *story)
    assert await family.kinds(cousin) == ()


async def test_what_is_borrowed_is_not_played_offline(family: _Family, clock: FakeClock) -> None:
    clock.advance(7_200)
    session = OfflineSession(client_session_id=uuid4(), started_at=NOON, ended_at=NOON + timedelta(hours=1))
    with pytest.raises(GameNotFound):
        await family.play.add_offline(
            family.child, family.app_id, OfflineBatch(device_id="pc", sessions=[session])
        )
