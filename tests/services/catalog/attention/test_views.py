"""Views of pages: counted once a visit, by app, day and source, and nobody is kept."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.services.catalog.attention.schemas import ViewDay
from samovar.services.catalog.attention.use_cases import Attention, PageViews
from samovar.services.catalog.attention.visitors import Visitors, is_bot
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import AttentionStub
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.viewers.audience import Audience
from samovar.testing.clock import FakeClock
from samovar.testing.hosting import Running
from tests.services.catalog.pages import page, publish, put

# 23:50 in Moscow.
EVENING = datetime(2026, 11, 27, 20, 50, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"


class Street:
    """A page, and people who pass by at a time of their own."""

    def __init__(self, database: Database, redis: Redis, clock: FakeClock) -> None:
        self.clock, self.database = clock, database
        self._redis = redis
        self.views = self.process()

    def process(self) -> PageViews:
        """Return the counting of another process."""
        audience = Audience(self.database, default_country="RU", unknown_age_level=16)
        return PageViews(self.database, audience=audience, visitors=Visitors(self._redis), clock=self.clock)

    async def look(
        self, app_id: UUID, who: str = "10.0.0.1", source: Any = "search", agent: str = BROWSER
    ) -> None:
        """Open the page."""
        await self.views.note(str(app_id), source, caller=None, network=who, user_agent=agent)

    async def counted(self, app_id: UUID) -> list[ViewDay]:
        """Return what is written."""
        await self.views.write()
        day = EVENING.date()
        return await Attention(self.database).view_days(app_id, day - timedelta(1), day + timedelta(2))


@pytest.fixture
async def street(own_database: Database, redis_url: str) -> Any:
    redis = Redis.from_url(redis_url)
    yield Street(own_database, redis, FakeClock(EVENING))
    await redis.aclose()


async def test_a_visitor_counts_again_after_quiet_and_anew_each_day(street: Street) -> None:
    app_id = await publish(street.database, "views-game")
    day = EVENING.date()
    await street.look(app_id)
    await street.look(app_id, source="home")
    await street.look(app_id, "10.0.0.2", "home")
    assert await street.counted(app_id) == [
        ViewDay(day=day, source="home", views=1, visitors=1),
        ViewDay(day=day, source="search", views=1, visitors=1),
    ]
    street.clock.advance(60 * 30)
    # 00:20 of the next day, of which a visitor is new whenever they came before.
    await street.look(app_id)
    street.clock.advance(60 * 29)
    await street.look(app_id)
    street.clock.advance(60 * 30)
    await street.look(app_id, source="direct")
    assert (await street.counted(app_id))[2:] == [
        ViewDay(day=day + timedelta(1), source="direct", views=1, visitors=0),
        ViewDay(day=day + timedelta(1), source="search", views=1, visitors=1),
    ]


async def test_processes_know_of_each_others_visitors(street: Street) -> None:
    app_id = await publish(street.database, "views-two")
    other = street.process()
    await asyncio.gather(
        *(
            one.note(str(app_id), "list", caller=None, network=f"10.1.0.{number}", user_agent=BROWSER)
            for number in range(20)
            for one in (street.views, other)
        )
    )
    await asyncio.gather(street.views.write(), other.write())
    assert [(one.views, one.visitors) for one in await street.counted(app_id)] == [(20, 20)]


async def test_bots_and_those_who_say_nothing_are_not_counted(street: Street) -> None:
    app_id = await publish(street.database, "views-bots")
    for agent in ("", "Mozilla/5.0 (compatible; YandexBot/3.0)", "TelegramBot (like TwitterBot)"):
        assert is_bot(agent)
        await street.look(app_id, agent=agent)
    assert not is_bot("Samovar/1.0 (desktop) Python aiohttp")
    assert await street.counted(app_id) == []


async def test_what_is_not_shown_is_not_counted(street: Street) -> None:
    await publish(street.database, "views-adult", age={"rating": 18})
    await put(street.database, page("views-draft"), state="draft")
    for name, error in (("views-adult", AgeRestricted), ("views-draft", AppNotFound), ("none", AppNotFound)):
        with pytest.raises(error):
            await street.views.note(name, "list", caller=None, network="10.0.0.9", user_agent=BROWSER)


async def test_what_cannot_be_written_is_kept_for_the_next_time(street: Street) -> None:
    app_id = await publish(street.database, "views-later")
    await street.look(app_id)
    async with street.database.transaction() as tx:
        await tx.execute("ALTER TABLE view_days RENAME TO hidden")
    with pytest.raises(Exception, match="view_days"):
        await street.views.write()
    async with street.database.transaction() as tx:
        await tx.execute("ALTER TABLE hidden RENAME TO view_days")
    assert [one.views for one in await street.counted(app_id)] == [1]


async def test_nobody_is_counted_while_redis_is_away(street: Street) -> None:
    app_id = await publish(street.database, "views-away")
    away = Redis.from_url("redis://127.0.0.1:1/0")
    audience = Audience(street.database, default_country="RU", unknown_age_level=16)
    views = PageViews(street.database, audience=audience, visitors=Visitors(away), clock=street.clock)
    await views.note(str(app_id), "list", caller=None, network="10.0.0.1", user_agent=BROWSER)
    await views.write()
    assert await street.counted(app_id) == []
    await away.aclose()


async def test_a_client_tells_and_the_developer_service_asks(catalog: Running) -> None:
    slug = f"views-{uuid4().hex[:8]}"
    app_id = await publish(catalog.database, slug)
    for account_id in (uuid4(), uuid4(), None):
        answer = await catalog.request(
            "POST", f"/v1/games/{slug}/views", account_id=account_id, json={"source": "wishlist"}
        )
        assert answer.status == 204, answer.body
    wrong = await catalog.request("POST", f"/v1/games/{slug}/views", json={"source": "moon"})
    assert (wrong.status, wrong.body["errors"][0]["field"]) == (422, "source")
    assert (await catalog.request("POST", "/v1/games/nothing-here/views", json={})).status == 404
    await catalog.until("SELECT sum(views) = 3 FROM view_days WHERE app_id = $1", app_id)
    today = datetime.now(UTC).date()
    asked = {"since": (today - timedelta(1)).isoformat(), "until": (today + timedelta(1)).isoformat()}
    async with catalog.channel() as channel:
        stub: Any = AttentionStub(channel)
        told = await stub.ListViewDays(v1_pb2.ListDaysRequest(app_id=str(app_id), **asked))
        assert [(one.source, one.views, one.visitors) for one in told.days] == [("wishlist", 3, 3)]
        for nonsense in ({"since": "x"}, {"until": "2020-01-01"}, {"since": "2020-01-01"}, {"app_id": "x"}):
            with pytest.raises(InvalidInput):
                await stub.ListWishDays(
                    v1_pb2.ListDaysRequest(**{"app_id": str(app_id), **asked, **nonsense})
                )
