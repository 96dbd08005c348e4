"""What profiles do by the clock."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.account.activity.journal import Journal
from samovar.services.account.contacts.directory import Directory
from samovar.services.account.contract.events import AgeLevelChanged
from samovar.services.account.friends.ties import FriendTies
from samovar.services.account.privacy.sights import Sights
from samovar.services.account.profiles.arrival import Arrival
from samovar.services.account.profiles.naming import Naming
from samovar.services.account.profiles.use_cases import Profiles
from samovar.testing.clock import FakeClock
from tests.services.account.conftest import registered


def profiles_at(database: Database, clock: FakeClock) -> Profiles:
    return Profiles(
        database,
        arrival=Arrival(database, clock=clock, timeout_ms=0),
        directory=Directory(database),
        naming=Naming(clock=clock, cooldown_days=30, kept_days=90),
        sights=Sights(FriendTies()),
        journal=Journal(clock=clock, new_id=new_id),
        clock=clock,
    )


async def levels(profiles: Profiles, account_id: UUID) -> int:
    return (await profiles.me(account_id)).age_level


async def test_a_birthday_brings_the_next_age_level_once_and_tells_it(
    own_database: Database, clock: FakeClock
) -> None:
    profiles = profiles_at(own_database, clock)
    today = clock.now().date()
    born = date(today.year - 12, today.month, today.day) + timedelta(days=1)
    child, unknown = registered(birth_date=born), registered()
    async with own_database.transaction() as tx:
        await profiles.begin(tx, child)
        await profiles.begin(tx, unknown)
    assert await profiles.reach_age_levels() == 0
    clock.advance(timedelta(days=1).total_seconds())
    assert [await profiles.reach_age_levels() for _ in range(2)] == [1, 0]
    assert await levels(profiles, child.account_id) == 12
    assert await levels(profiles, unknown.account_id) == 0
    told = await own_database.fetch_value(
        "SELECT array_agg(payload::json ->> 'level' ORDER BY seq) FROM kit.outbox WHERE subject = $1",
        AgeLevelChanged.subject,
    )
    assert told == ["6", "12"]


async def test_a_birth_date_that_cannot_be_true_does_not_keep_the_account_from_being_made(
    own_database: Database, clock: FakeClock
) -> None:
    profiles = profiles_at(own_database, clock)
    for born in (date.max, date.min, clock.now().date() + timedelta(days=1)):
        newcomer = registered(birth_date=born)
        async with own_database.transaction() as tx:
            await profiles.begin(tx, newcomer)
        me = await profiles.me(newcomer.account_id)
        assert (me.age_level, me.age_source) == (0, None)


async def test_years_that_nobody_looked_are_caught_up_at_once(
    own_database: Database, clock: FakeClock
) -> None:
    profiles = profiles_at(own_database, clock)
    child = registered(birth_date=datetime(2026, 1, 1, tzinfo=UTC).date())
    async with own_database.transaction() as tx:
        await profiles.begin(tx, child)
    clock.advance(timedelta(days=366 * 20).total_seconds())
    assert await profiles.reach_age_levels() == 1
    assert await levels(profiles, child.account_id) == 18
