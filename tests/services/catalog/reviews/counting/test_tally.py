"""Counts are the sum of the reviews, whatever happens to them at once and whatever time it is."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.services.catalog.reviews import repository, scores
from samovar.services.catalog.reviews.counting import tally
from samovar.services.catalog.reviews.domain import Move, Review
from tests.services.catalog.packages.shelf import put_app
from tests.services.catalog.reviews.shop import SAID, Shop

NOW = datetime(2026, 3, 31, 10, tzinfo=UTC)
DAY = timedelta(days=1)


class Kept(msgspec.Struct, frozen=True):
    """What is kept of an app."""

    positive: int
    positive_30d: int
    rating: int


async def write(database: Database, app_id: UUID, at: datetime) -> Review:
    review = Review(
        id=uuid4(),
        app_id=app_id,
        account_id=uuid4(),
        recommended=True,
        text="Да",
        language="ru",
        play_minutes=None,
        acquired_as="purchase",
        helpfulness=scores.helpfulness(0, 0),
        created_at=at,
    )
    async with database.transaction() as tx:
        await repository.insert_review(tx, review)
        await tally.apply(tx, [Move(None, review.standing())], at)
    return review


async def kept(database: Database, app_id: UUID) -> Kept | None:
    return await database.fetch_one(
        "SELECT positive, positive_30d, rating FROM review_scores WHERE app_id = $1", app_id, into=Kept
    )


async def marked(database: Database) -> int:
    found: int = await database.fetch_value("SELECT coalesce(max(seq), 0) FROM search_changes")
    return found


async def test_the_window_moves_by_itself_at_midnight(own_database: Database) -> None:
    app_id = await put_app(own_database)
    await write(own_database, app_id, NOW - 29 * DAY)
    await write(own_database, app_id, NOW)
    assert await kept(own_database, app_id) == Kept(2, 2, scores.rating(scores.Counts(2)))
    before = await marked(own_database)
    assert await tally.move_windows(own_database, NOW) == 0
    assert await tally.move_windows(own_database, NOW + DAY) == 1
    assert await kept(own_database, app_id) == Kept(2, 1, scores.rating(scores.Counts(2)))
    assert await marked(own_database) > before
    assert await tally.move_windows(own_database, NOW + DAY) == 0


async def test_search_reads_again_only_what_has_changed(own_database: Database) -> None:
    app_id = await put_app(own_database)
    await write(own_database, app_id, NOW)
    before = await marked(own_database)
    assert await tally.move_windows(own_database, NOW + 7 * DAY) == 1
    assert await marked(own_database) == before
    assert await tally.move_windows(own_database, NOW + 30 * DAY) == 1
    assert await marked(own_database) > before
    # Nothing is left in its window: midnight passes it by from now on.
    assert await tally.move_windows(own_database, NOW + 40 * DAY) == 0


@pytest.mark.parametrize("backwards", [timedelta(), DAY])
async def test_a_clock_that_went_back_counts_no_day_of_tomorrow(
    own_database: Database, backwards: timedelta
) -> None:
    app_id = await put_app(own_database)
    await write(own_database, app_id, NOW)
    await write(own_database, app_id, NOW - backwards)
    found = await kept(own_database, app_id)
    assert found is not None
    assert (found.positive, found.positive_30d) == (2, 1 if backwards else 2)


async def test_two_tabs_post_one_review(shop: Shop) -> None:
    game = await shop.game()
    account_id = await shop.owner(game)
    answers = await asyncio.gather(*(shop.post(account_id, game) for _ in range(6)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert (await shop.counted(game)).positive == 1


async def test_whatever_happens_at_once_each_review_is_counted_once(shop: Shop) -> None:
    game = await shop.game()
    owners = [await shop.owner(game) for _ in range(6)]
    written = await asyncio.gather(*(shop.post(owner, game, language="en") for owner in owners))
    ids = [answer.body["id"] for answer in written]
    moderator = await shop.person()

    async def hide(review_id: str, verb: str) -> None:
        await shop.ask(
            "POST",
            f"/v1/admin/reviews/{review_id}/{verb}",
            moderator,
            roles=("player", "moderator"),
            json={"reason": "Проверка."},
        )

    wishes = []
    for place, (owner, review_id) in enumerate(zip(owners, ids, strict=True)):
        path = f"/v1/reviews/{review_id}"
        wishes += [
            shop.ask("PATCH", path, owner, json={"recommended": place % 2 == 0}),
            shop.ask("PATCH", path, owner, json={"language": "ru"}),
            hide(review_id, "hide"),
            hide(review_id, "restore"),
        ]
        if place % 3 == 0:
            wishes += [shop.ask("DELETE", path, owner), shop.post(owner, game, **SAID)]
    await asyncio.gather(*wishes)
    counted = await shop.counted(game)
    assert counted.positive + counted.negative <= len(owners)
