"""Filters, counts and orders are those that going through a list would give."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samovar.services.catalog.domain import LANGUAGES, Availability, Language
from samovar.services.catalog.search import facets
from samovar.services.catalog.search.columns import storage
from samovar.services.catalog.search.columns.numbers import in_order
from samovar.services.catalog.search.columns.table import Table
from samovar.services.catalog.search.schemas import FACET_GROUPS, PricePeriod, SearchDocument, SearchQuery

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
TAGS, GENRES, PLATFORMS, COUNTRIES = (
    ("rpg", "space", "horror"),
    ("action", "puzzle"),
    ("windows", "linux"),
    ("RU", "KZ"),
)
_some = st.lists(st.sampled_from(COUNTRIES), max_size=2)
AVAILABILITY = st.builds(Availability, only_in=st.none() | _some, except_in=_some)
DOCUMENT = st.builds(
    SearchDocument,
    app_id=st.integers(0, 60).map(lambda number: UUID(int=number * 0x9E37_79B9_7F4A_7C15)),
    kind=st.sampled_from(("game", "dlc")),
    stage=st.just("released"),
    title=st.sampled_from(("Ёж", "Еж", "Doom 2", "Doom 10", "Яр")),
    shown_as=st.dictionaries(st.sampled_from(LANGUAGES), st.sampled_from(("Ад", "Yard")), max_size=2),
    age_rating=st.sampled_from((0, 12, 18)),
    popularity=st.integers(0, 5).map(float),
    released_on=st.none() | st.integers(0, 400).map(lambda days: date(2026, 1, 1) - timedelta(days)),
    tags=st.lists(st.sampled_from(TAGS), unique=True),
    genres=st.lists(st.sampled_from(GENRES), unique=True),
    platforms=st.lists(st.sampled_from(PLATFORMS), unique=True),
    visible=AVAILABILITY,
    sold=st.none() | AVAILABILITY,
    offer_age=st.sampled_from((0, 12, 18)),
    prices=st.dictionaries(
        st.just("RU"),
        st.builds(PricePeriod, final=st.sampled_from((0, 100, 250)), discount_percent=st.sampled_from((0, 20, 75))).map(lambda one: [one]),
    ),
    score_percent=st.none() | st.integers(0, 100),
    rating=st.none() | st.integers(0, 1_000_000),
    reviews=st.integers(0, 20),
)  # fmt: skip
_ids = st.frozensets(
    st.integers(0, 60).map(lambda number: UUID(int=number * 0x9E37_79B9_7F4A_7C15)), max_size=8
)
QUERY = st.builds(
    SearchQuery,
    country=st.sampled_from(COUNTRIES),
    age_level=st.sampled_from((0, 12, 18)),
    kinds=st.sampled_from(((), ("game",))),
    tags=st.sampled_from(((), ("rpg",), ("rpg", "space"), ("unheard-of",))),
    genres=st.sampled_from(((), ("action",), ("action", "puzzle"))),
    platforms=st.sampled_from(((), ("linux",), ("windows", "linux"))),
    tags_excluded=st.sampled_from(((), ("horror", "unheard-of"))),
    price_max=st.none() | st.sampled_from((0, 150)),
    is_free=st.none() | st.booleans(),
    is_discounted=st.none() | st.booleans(),
    discount_min=st.none() | st.just(50),
    score_min=st.none() | st.just(70),
    reviews_min=st.none() | st.just(10),
    released_from=st.none() | st.just(date(2025, 10, 1)),
    on_sale=st.booleans(),
    owned=_ids,
    ignored=_ids,
    only_owned=st.booleans(),
    hide_ignored=st.booleans(),
    facets=st.just(FACET_GROUPS),
)


def passes(document: SearchDocument, query: SearchQuery) -> bool:
    sold = document.sold is not None and document.sold.holds_in(query.country)
    sold = sold and max(document.offer_age, document.age_rating) <= query.age_level
    period = document.prices.get("RU", [None])[0] if sold else None
    price = period.final if period else None
    discount = period.discount_percent if period else 0
    checks: tuple[Callable[[], bool], ...] = (
        lambda: document.visible.holds_in(query.country) and document.age_rating <= query.age_level,
        lambda: not query.kinds or document.kind in query.kinds,
        lambda: set(query.tags) <= set(document.tags),
        lambda: set(query.genres) <= set(document.genres),
        lambda: set(query.platforms) <= set(document.platforms),
        lambda: not set(query.tags_excluded) & set(document.tags),
        lambda: query.price_max is None or (price is not None and price <= query.price_max),
        lambda: query.is_free is None or (price is not None and (price == 0) == query.is_free),
        lambda: query.is_discounted is None or (discount > 0) == query.is_discounted,
        lambda: query.discount_min is None or discount >= query.discount_min,
        lambda: query.score_min is None or (document.score_percent or -1) >= query.score_min,
        lambda: query.reviews_min is None or document.reviews >= query.reviews_min,
        lambda: query.released_from is None or (document.released_on or date.min) >= query.released_from,
        lambda: not query.on_sale or price is not None,
        lambda: not query.only_owned or document.app_id in query.owned,
        lambda: not query.hide_ignored or document.app_id not in query.ignored,
    )  # fmt: skip
    return all(check() for check in checks)


def table_of(documents: list[SearchDocument]) -> Table:
    table = Table()
    table.prices.groups = {"RU": "RU", "KZ": "RU"}
    for document in documents:
        table.add(document, NOW)
    return table


@settings(max_examples=300, deadline=None)
@given(st.lists(DOCUMENT, max_size=30), QUERY)
def test_what_passes_and_is_counted_is_what_a_list_would_give(
    documents: list[SearchDocument], query: SearchQuery
) -> None:
    living = {document.app_id: document for document in documents}
    table = table_of(documents)
    passed = facets.filtered(table, query)
    assert {UUID(bytes=table.ids[place]) for place in passed.found} == {
        app_id for app_id, document in living.items() if passes(document, query)
    }
    counted = facets.counts(table, query, passed)
    for group, field, own in (("tag", "tags", {}), ("genre", "genres", {}), ("kind", "kind", {"kinds": ()})):
        open_query = msgspec.structs.replace(query, **own)
        expected: dict[str, int] = {}
        for document in living.values():
            if passes(document, open_query):
                held = getattr(document, field)
                for value in [held] if isinstance(held, str) else held:
                    expected[value] = expected.get(value, 0) + 1
        assert {count.value: count.count for count in counted[group]} == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(DOCUMENT, max_size=30), QUERY)
def test_the_disk_gives_back_the_same_table(
    tmp_path_factory: pytest.TempPathFactory, documents: list[SearchDocument], query: SearchQuery
) -> None:
    table, path = table_of(documents), tmp_path_factory.getbasetemp() / "table"
    storage.save(table, 42, path)
    again, watermark = storage.load(path)
    assert watermark == 42
    assert facets.filtered(again, query).found == facets.filtered(table, query).found
    assert facets.counts(again, query, facets.filtered(again, query)) == facets.counts(
        table, query, facets.filtered(table, query)
    )
    everything = SearchQuery(age_level=18)
    shown = facets.filtered(table, everything).found
    assert in_order(shown, facets.keys_of(again, everything), 50, again.ids) == in_order(
        shown, facets.keys_of(table, everything), 50, table.ids
    )
    assert again.titles == table.titles
    for language, titles in table.shown.items():
        assert again.shown[language].first(shown, 50, None, again.ids) == titles.first(
            shown, 50, None, table.ids
        )
    assert len(again) == len(table)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda data: data[:0],
        lambda data: b"\0" * 4 + data,
        lambda data: data[:9] + b"x" + data[10:],
    ],
)
def test_a_damaged_table_is_not_read(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "table"
    storage.save(table_of([]), 1, path)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(storage.IndexBroken):
        storage.load(path)


def test_titles_stand_as_russians_expect() -> None:
    titles = ("Яр", "Doom 10", "Ель", "Ёж", "Doom 2", "Еда", "7 Days")
    table = table_of(
        [
            SearchDocument(app_id=UUID(int=number), kind="game", stage="released", title=title)
            for number, title in enumerate(titles)
        ]
    )
    ordered = table.shown["ru"].first(table.living, 10, None, table.ids)
    assert [table.titles[place] for place in ordered] == [
        "7 Days",
        "Еда",
        "Ёж",
        "Ель",
        "Яр",
        "Doom 2",
        "Doom 10",
    ]


def test_titles_stand_in_the_order_in_which_each_reader_sees_them() -> None:
    table = Table()
    shown: tuple[tuple[str, dict[Language, str]], ...] = (
        ("Blackthorn Harbour", {"ru": "Гавань Блэкторн"}),
        ("Ярмарка чудес", {"en": "A Fair of Wonders"}),
        ("Doom", {}),
        ("Бункер", {"ru": "Бункер", "en": "Bunker"}),
    )
    for number, (title, shown_as) in enumerate(shown):
        app = SearchDocument(
            app_id=UUID(int=number), kind="game", stage="released", title=title, shown_as=shown_as
        )
        table.add(app, NOW)
    orders = {
        language: [table.titles[place] for place in titles.first(table.living, 9, None, table.ids)]
        for language, titles in table.shown.items()
    }
    assert orders == {
        "ru": ["Бункер", "Blackthorn Harbour", "Ярмарка чудес", "Doom"],
        "en": ["Ярмарка чудес", "Blackthorn Harbour", "Бункер", "Doom"],
    }
