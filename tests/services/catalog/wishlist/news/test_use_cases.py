"""News is told once to each who waits for it, whatever comes again, crashes or is sent at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.events import Event
from samovar.kit.ids import new_id
from samovar.services.catalog.contract.events import AppChanged
from samovar.services.catalog.contract.prices_events import DiscountStarted
from samovar.services.catalog.contract.wishlist_events import CreatorReleased, WishlistAlerted
from samovar.services.catalog.wishlist.news import domain, use_cases
from samovar.services.catalog.wishlist.news.use_cases import News
from samovar.testing.clock import FakeClock
from tests.services.catalog.pages import name_creators, publish
from tests.services.catalog.prices.conftest import package

E = TypeVar("E", bound=Event)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


class _Payload(msgspec.Struct, frozen=True):
    payload: str


class BrokenClock(FakeClock):
    """Fails when it is looked at, which is after the page was published and before it is kept how far it went."""

    def now(self) -> datetime:
        raise LookupError


class Desk:
    """News on a database of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.news = News(
            database,
            percent_min=20,
            default_country="RU",
            unknown_age_level=16,
            clock=FakeClock(NOW),
            new_id=new_id,
        )

    async def game(self, **fields: Any) -> UUID:
        return await publish(self.database, f"game-{uuid4().hex[:12]}", **fields)

    async def wishing(
        self, app_id: UUID, *, age_level: int = 18, country: str | None = None, at: datetime = NOW
    ) -> UUID:
        account_id = uuid4()
        async with self.database.transaction() as tx:
            await tx.execute(
                "INSERT INTO viewers (account_id, age_level, country) VALUES ($1, $2, $3)",
                account_id,
                age_level,
                country,
            )
            await tx.execute("INSERT INTO wishes VALUES ($1, $2, 1, $3)", account_id, app_id, at)
        return account_id

    async def following(self, creator: str, *, account_id: UUID | None = None) -> UUID:
        account_id = account_id or uuid4()
        async with self.database.transaction() as tx:
            await tx.execute(
                "INSERT INTO viewers (account_id, age_level) VALUES ($1, 18) ON CONFLICT DO NOTHING",
                account_id,
            )
            await tx.execute(
                "INSERT INTO followed_creators SELECT $1, id, $3 FROM creators WHERE slug = $2",
                account_id,
                creator,
                NOW,
            )
        return account_id

    async def discount(self, app_id: UUID, percent: int, *, place: int = 0) -> DiscountStarted:
        return DiscountStarted(
            discount_id=uuid4(),
            package_id=await package(self.database, app_id, place=place),
            app_id=app_id,
            kind="custom",
            percent=percent,
            starts_at=NOW,
            ends_at=NOW + timedelta(days=7),
        )

    async def hear(self, *events: DiscountStarted | AppChanged) -> None:
        for event in events:
            async with self.database.transaction() as tx:
                if isinstance(event, DiscountStarted):
                    await self.news.notice_discount(tx, event)
                else:
                    await self.news.notice_stage(tx, event, event.stage)  # type: ignore[arg-type]

    async def told(self, kind: type[E]) -> list[E]:
        rows = await self.database.fetch(
            "SELECT payload::text AS payload FROM kit.outbox WHERE subject = $1 ORDER BY seq",
            kind.subject,
            into=_Payload,
        )
        return [msgspec.json.decode(row.payload, type=kind) for row in rows]


@pytest.fixture
def desk(own_database: Database) -> Desk:
    return Desk(own_database)


def changed(app_id: UUID, stage: str, version: int, *, state: str = "published") -> AppChanged:
    return AppChanged(
        app_id=app_id,
        slug="game",
        title="Игра",
        kind="game",
        state=state,
        stage=stage,
        age_rating=12,
        version=version,
        changed_at=NOW,
    )


async def test_who_wants_a_game_hears_of_a_discount_once(desk: Desk) -> None:
    app_id = await desk.game()
    people = {await desk.wishing(app_id) for _ in range(3)}
    event = await desk.discount(app_id, 20)
    await desk.hear(event, event)
    assert await desk.news.tell() == 1
    await desk.hear(event)
    assert await desk.news.tell() == 0
    (alert,) = await desk.told(WishlistAlerted)
    assert (alert.app_id, alert.reason, alert.percent, alert.since) == (app_id, "discount", 20, NOW)
    assert set(alert.account_ids) == people


@pytest.mark.parametrize(("percent", "place"), [(19, 0), (50, 1)])
async def test_a_small_discount_and_one_of_an_edition_are_no_news(
    desk: Desk, percent: int, place: int
) -> None:
    app_id = await desk.game()
    await desk.wishing(app_id)
    await desk.hear(await desk.discount(app_id, percent, place=place))
    assert await desk.news.tell() == 0


async def test_who_may_not_see_the_game_or_came_later_hears_nothing(desk: Desk) -> None:
    app_id = await desk.game(age={"rating": 16}, visible={"except_in": ["KZ"]})
    grown = await desk.wishing(app_id)
    await desk.wishing(app_id, age_level=12)
    await desk.wishing(app_id, country="KZ")
    await desk.wishing(app_id, at=NOW + timedelta(seconds=1))
    await desk.hear(await desk.discount(app_id, 50))
    await desk.news.tell()
    (alert,) = await desk.told(WishlistAlerted)
    assert alert.account_ids == (grown,)


async def test_many_are_told_by_pages_and_a_crash_between_them_repeats_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert domain.ACCOUNTS_PER_EVENT_MAX == 500
    monkeypatch.setattr(use_cases, "ACCOUNTS_PER_EVENT_MAX", 2)
    monkeypatch.setattr(use_cases, "PAGES_A_RUN_MAX", 1)
    app_id = await desk.game()
    people = {await desk.wishing(app_id) for _ in range(5)}
    await desk.hear(await desk.discount(app_id, 50))
    assert await desk.news.tell() == 1
    # The process stops here; another one goes on, and two of them at once tell nobody twice.
    monkeypatch.setattr(use_cases, "PAGES_A_RUN_MAX", 10)
    await asyncio.gather(desk.news.tell(), desk.news.tell())
    await desk.news.tell()
    alerts = await desk.told(WishlistAlerted)
    assert max(len(alert.account_ids) for alert in alerts) == 2
    told = [account_id for alert in alerts for account_id in alert.account_ids]
    assert sorted(told) == sorted(people)


async def test_an_error_in_the_middle_of_a_page_tells_nothing_of_it(desk: Desk) -> None:
    app_id = await desk.game()
    await desk.wishing(app_id)
    await desk.hear(await desk.discount(app_id, 50))
    breaking = News(
        desk.database,
        percent_min=20,
        default_country="RU",
        unknown_age_level=16,
        clock=BrokenClock(),
        new_id=new_id,
    )
    with pytest.raises(LookupError):
        await breaking.tell()
    assert await desk.told(WishlistAlerted) == []
    await desk.news.tell()
    assert len(await desk.told(WishlistAlerted)) == 1


async def test_a_release_and_the_end_of_early_access_are_told_once_each_for_ever(desk: Desk) -> None:
    app_id = await desk.game()
    await desk.wishing(app_id)
    await desk.hear(
        changed(app_id, "coming_soon", 1),
        changed(app_id, "early_access", 2),
        changed(app_id, "early_access", 2),
        changed(app_id, "coming_soon", 1),
        changed(app_id, "released", 3),
        changed(app_id, "coming_soon", 4),
        changed(app_id, "early_access", 5),
        changed(app_id, "released", 6),
    )
    while await desk.news.tell():
        pass
    assert [alert.reason for alert in await desk.told(WishlistAlerted)] == ["released", "left_early_access"]


async def test_what_is_no_longer_in_the_store_is_not_told(desk: Desk) -> None:
    app_id = await desk.game()
    await desk.wishing(app_id)
    await desk.hear(await desk.discount(app_id, 50))
    async with desk.database.transaction() as tx:
        await tx.execute("UPDATE apps SET state = 'withdrawn' WHERE id = $1", app_id)
    assert await desk.news.tell() == 1
    assert await desk.told(WishlistAlerted) == []
    assert await desk.news.tell() == 0


async def test_followers_hear_of_a_new_game_once_though_they_follow_two_of_its_makers(desk: Desk) -> None:
    await name_creators(desk.database, "maker", "house", "other")
    app_id = await desk.game(
        developers=["maker"], publishers=["house", "maker"], release={"stage": "released"}
    )
    both = await desk.following("maker")
    await desk.following("house", account_id=both)
    house = await desk.following("house")
    await desk.following("other")
    hidden = await desk.following("maker")
    async with desk.database.transaction() as tx:
        await tx.execute("INSERT INTO ignored_apps VALUES ($1, $2, now())", hidden, app_id)
    event = changed(app_id, "released", 1)
    await desk.hear(event, event)
    while await desk.news.tell():
        pass
    told = await desk.told(CreatorReleased)
    assert {event.app_id for event in told} == {app_id}
    assert sorted(account_id for event in told for account_id in event.account_ids) == sorted([both, house])
    assert len({event.creator_id for event in told}) == len(told)


async def test_nothing_is_begun_for_whom_nobody_waits(desk: Desk) -> None:
    app_id = await desk.game()
    await desk.hear(
        changed(app_id, "coming_soon", 1), changed(app_id, "released", 2), await desk.discount(app_id, 50)
    )
    assert await desk.database.fetch_value("SELECT count(*) FROM wish_alerts") == 0
