"""Games of a list: page, price and score of each, in the order asked for, as the viewer sees them."""

from datetime import timedelta
from uuid import uuid4

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.catalog.domain import Viewer
from samovar.services.catalog.listing.items import Items
from tests.services.catalog.packages.shelf import put_package
from tests.services.catalog.pages import publish
from tests.services.catalog.prices.conftest import DAY, START, HeldClock, cost, reduce

RUSSIAN = Viewer(country="RU", age_level=18)


async def test_a_game_has_its_price_and_score_in_the_order_asked_for(own_database: Database) -> None:
    first, second = [await publish(own_database, slug) for slug in ("first", "second")]
    package_id = await put_package(own_database, first)
    await cost(own_database, package_id, "RU", 100_000)
    until = START + timedelta(days=3)
    await reduce(own_database, package_id, 30, START - DAY, until)
    async with own_database.transaction() as tx:
        await tx.execute(
            "INSERT INTO review_scores (app_id, positive, negative) VALUES ($1, 45, 5), ($2, 9, 0)",
            first,
            second,
        )
    listed = await Items(own_database, HeldClock()).of([second, uuid4(), first], RUSSIAN)
    bare, sold = listed.items
    assert (bare.id, bare.price, bare.package_id, bare.review_score, bare.review_count) == (
        second,
        None,
        None,
        None,
        9,
    )
    assert (sold.id, sold.package_id, sold.review_score, sold.review_label) == (
        first,
        package_id,
        90,
        "very_positive",
    )
    assert sold.price
    assert (sold.price.base, sold.price.final) == (Money(100_000, "RUB"), Money(70_000, "RUB"))
    assert (sold.price.discount_percent, sold.price.ends_at, listed.valid_until) == (30, until, until)


async def test_what_is_not_sold_in_a_country_has_no_price_there(own_database: Database) -> None:
    app_id = await publish(own_database, "home-only")
    await cost(own_database, await put_package(own_database, app_id), "RU", 100)
    kazakh = Viewer(country="JP", age_level=18)
    (item,) = (await Items(own_database, HeldClock()).of([app_id], kazakh)).items
    assert (item.title, item.price, item.package_id) == ("Home Only", None, None)


async def test_a_package_with_something_above_the_viewers_age_has_no_price_for_them(
    own_database: Database,
) -> None:
    app_id = await publish(own_database, "mild")
    grown_up = await publish(own_database, "wild", kind="dlc", base="mild", age={"rating": 18})
    package_id = await put_package(own_database, app_id, grown_up)
    await cost(own_database, package_id, "RU", 100)
    items = Items(own_database, HeldClock())
    (seen,) = (await items.of([app_id], RUSSIAN)).items
    (hidden,) = (await items.of([app_id], Viewer(country="RU", age_level=16))).items
    assert (seen.package_id, hidden.package_id, hidden.price) == (package_id, None, None)


async def test_a_signed_in_viewer_sees_what_they_own_and_want(own_database: Database) -> None:
    owned, wanted = [await publish(own_database, slug) for slug in ("owned", "wanted")]
    anna = uuid4()
    async with own_database.transaction() as tx:
        await tx.execute("INSERT INTO owned_apps VALUES ($1, $2, now())", anna, owned)
        await tx.execute(
            "INSERT INTO wishes (account_id, app_id, rank, added_at) VALUES ($1, $2, 1, now())", anna, wanted
        )
    viewer = Viewer(account_id=anna, country="RU", age_level=18)
    listed = await Items(own_database, HeldClock()).of([owned, wanted], viewer)
    assert [(item.is_owned, item.is_wishlisted) for item in listed.items] == [(True, False), (False, True)]


async def test_an_empty_list_asks_nothing(own_database: Database) -> None:
    assert (await Items(own_database, HeldClock()).of([], RUSSIAN)).items == []
