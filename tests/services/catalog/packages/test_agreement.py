"""Page, lists, search, prices and quotes say the same of where a package is sold, whatever the data."""

import random
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.services.catalog.domain import Availability, Viewer
from samovar.services.catalog.listing.items import Items
from samovar.services.catalog.packages import offers
from samovar.services.catalog.packages.errors import PackageNotFound
from samovar.services.catalog.packages.regions import PackageState
from samovar.services.catalog.packages.use_cases import Packages
from samovar.services.catalog.prices.pricing import Pricing
from samovar.services.catalog.prices.quotes.use_cases import Quotes, Wanted
from samovar.services.catalog.search.freshness.reading import Reader
from tests.services.catalog.packages.shelf import put_package
from tests.services.catalog.pages import page, put
from tests.services.catalog.prices.conftest import cost

COUNTRIES = ("RU", "BY", "KZ", "DE")
STATES: tuple[PackageState, ...] = ("on_sale", "on_sale", "on_sale", "withdrawn", "draft")
APPS, PACKAGES_EACH = 24, 2


def _availability(chance: random.Random) -> Availability:
    some = chance.sample(COUNTRIES, chance.randint(0, 3))
    return chance.choice([Availability(), Availability(only_in=some), Availability(except_in=some)])


async def _app(database: Database, chance: random.Random, number: int) -> UUID:
    fields: dict[str, Any] = {
        "visible": msgspec.to_builtins(_availability(chance)),
        "release": {"stage": chance.choice(["released", "released", "early_access", "coming_soon"])},
    }
    state = chance.choice(["published", "published", "published", "withdrawn", "draft"])
    return (await put(database, page(f"game-{number}", **fields), state=state)).app_id


async def _fill(database: Database, chance: random.Random) -> dict[UUID, list[UUID]]:
    """Return packages by the app on whose page they are offered."""
    apps = [await _app(database, chance, number) for number in range(APPS)]
    regions = {regions[0] for regions in (await Pricing.regions(database)).values() if regions}
    made: dict[UUID, list[UUID]] = {app_id: [] for app_id in apps}
    for app_id in apps:
        for place in range(PACKAGES_EACH):
            package_id = await put_package(
                database,
                app_id,
                *chance.sample([one for one in apps if one != app_id], chance.choice([0, 0, 1])),
                place=place,
                state=chance.choice(STATES),
                is_preorder=chance.random() < 0.5,
                sold=_availability(chance),
            )
            made[app_id].append(package_id)
            for region in sorted(regions):
                await cost(database, package_id, region, 100)
    return made


async def _is_priced_on_its_page(packages: Packages, package_id: UUID, country: str) -> bool:
    try:
        shown = await packages.show(package_id, Viewer(country=country, age_level=18))
    except PackageNotFound:
        return False
    return shown.page.price is not None


async def test_whoever_is_asked_says_the_same(own_database: Database) -> None:
    made = await _fill(own_database, random.Random(20261127))
    clock = SystemClock()
    packages, quotes, items = (
        Packages(own_database, clock=clock),
        Quotes(own_database, clock=clock, unknown_age_level=16),
        Items(own_database, clock),
    )
    reader = Reader(own_database, clock)
    await reader.learn()
    documents = {document.app_id: document for document in await reader.read(list(made))}
    ids = [package_id for of_page in made.values() for package_id in of_page]
    answers = set()
    for country in COUNTRIES:
        offered = await offers.of(own_database, list(made), country)
        sold = {offer.package_id for found in offered.values() for offer in found}
        prices = await Pricing.of(own_database, ids, country, datetime.now(UTC))
        quoted, _ = await quotes.price(
            [Wanted("package", package_id) for package_id in ids],
            country=country,
            activation_country=None,
            account_id=None,
            owned_app_ids=frozenset(),
        )
        bought = {package_id for package_id, one in zip(ids, quoted, strict=True) if one.refusal is None}
        paged = {one for one in ids if await _is_priced_on_its_page(packages, one, country)}
        assert sold == set(prices) == bought == paged
        listed = await items.of(list(made), Viewer(country=country, age_level=18))
        in_lists = {item.package_id for item in listed.items if item.price} - {None}
        assert in_lists <= sold
        in_search = {
            app_id
            for app_id, document in documents.items()
            if document.sold and document.sold.holds_in(country) and document.visible.holds_in(country)
        }
        assert in_search == {item.id for item in listed.items if item.price and item.id in documents}
        answers |= {(country, package_id in sold) for package_id in ids}
    # The data says yes and no in every country: a test that only ever hears one of them shows nothing.
    assert len(answers) == 2 * len(COUNTRIES)
