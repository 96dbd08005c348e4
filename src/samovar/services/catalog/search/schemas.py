"""What is asked of search, what it answers, and what it holds of an app."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.pagination import LIMIT_DEFAULT, Limit
from samovar.services.catalog.domain import (
    EVERYWHERE,
    AgeRating,
    AppKind,
    Availability,
    Country,
    Language,
    Platform,
    Slug,
    Stage,
)

Sort = Literal["relevance", "popularity", "new", "price", "-price", "discount", "score", "title"]
FacetGroup = Literal[
    "tag", "genre", "category", "feature", "series", "platform", "language", "voice", "subtitles", "creator",
    "kind", "stage", "age", "offer", "score", "year",
]  # fmt: skip
FACET_GROUPS: tuple[FacetGroup, ...] = FacetGroup.__args__  # type: ignore[attr-defined]
VALUES_MAX = 200
MINOR_MAX = 1_000_000_000_000


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for, by whom.

    Values of one group are alternatives; of `tags`, `genres`, `platforms`, `features`, `languages`, `voice` and `subtitles` all must
    hold. Nothing above `age_level` and nothing hidden in `country` is found, counted or suggested.

    Attributes:
        text: Words, in any spelling; none means all apps.
        country: Whose prices and rules count.
        price_min: Minor units of the country's currency; so is `price_max`. Of the price that holds at this moment.
        on_sale: Only what may be bought in the country at this moment.
        score_min: Share of good reviews, percent.
        owned: The apps that the viewer owns; with `only_owned` nothing else is found, with `hide_owned` none of them.
        facets: Groups to count.
    """

    text: str = ""
    language: Language = "ru"
    country: Country = "RU"
    age_level: int = 16
    kinds: tuple[AppKind, ...] = ()
    stages: tuple[Stage, ...] = ()
    tags: tuple[Slug, ...] = ()
    genres: tuple[Slug, ...] = ()
    categories: tuple[Slug, ...] = ()
    features: tuple[Slug, ...] = ()
    series: tuple[Slug, ...] = ()
    creators: tuple[Slug, ...] = ()
    platforms: tuple[Platform, ...] = ()
    languages: tuple[str, ...] = ()
    voice: tuple[str, ...] = ()
    subtitles: tuple[str, ...] = ()
    ages: tuple[AgeRating, ...] = ()
    tags_excluded: tuple[Slug, ...] = ()
    genres_excluded: tuple[Slug, ...] = ()
    creators_excluded: tuple[Slug, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    discount_min: int | None = None
    is_free: bool | None = None
    is_discounted: bool | None = None
    on_sale: bool = False
    score_min: int | None = None
    reviews_min: int | None = None
    released_from: date | None = None
    released_to: date | None = None
    owned: frozenset[UUID] = frozenset()
    wishlisted: frozenset[UUID] = frozenset()
    ignored: frozenset[UUID] = frozenset()
    only_owned: bool = False
    only_wishlisted: bool = False
    hide_owned: bool = False
    hide_wishlisted: bool = False
    hide_ignored: bool = False
    sort: Sort = "relevance"
    limit: Limit = LIMIT_DEFAULT
    cursor: str | None = None
    facets: tuple[FacetGroup, ...] = ()


class SearchKey(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended.

    Attributes:
        query: Tells queries apart: a cursor belongs to one.
        numbers: What it was sorted by; none where the app has none.
        title: What it was sorted by, when by title.
    """

    query: int
    numbers: list[int | None]
    title: str
    id: UUID


class FacetCount(msgspec.Struct, frozen=True):
    """A value of a group, and how many apps would be found with it."""

    value: str
    count: int


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what was found.

    Attributes:
        ids: The apps of this page, in order.
        total: How many apps were found.
        total_is_exact: False when more apps fit the words than are looked through; `total` is then a lower bound.
        facets: For each group asked for, its values from the most frequent down.
        corrected_to: What the words were taken for, when not as they were written.
        degraded: The index is away: found by PostgreSQL, without typos, layouts and counts.
    """

    ids: list[UUID]
    total: int
    total_is_exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    next_cursor: str | None = None
    corrected_to: str | None = None
    degraded: bool = False


class Suggestion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody who types may mean: an app by its id, a creator or a tag by its slug."""

    kind: Literal["app", "creator", "tag"]
    name: str
    id: UUID | None = None
    slug: str | None = None


class Suggestions(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody who types may mean, the likeliest first."""

    items: list[Suggestion]
    corrected_to: str | None = None
    degraded: bool = False


class PricePeriod(msgspec.Struct, frozen=True, kw_only=True):
    """What an app costs from a moment on, until the next period begins.

    Attributes:
        since: None for what already holds.
        final: Minor units; none: from then on it has no price.
    """

    since: datetime | None = None
    final: Annotated[int, Meta(ge=0)] | None
    discount_percent: int = 0


class SearchDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What search holds of an app.

    Attributes:
        shown_as: The titles that readers of a language see, where those are not the original one.
        names: Other titles: in other languages, aliases.
        words: Names of creators, genres and tags.
        texts: Descriptions by language.
        tags: The most telling first; banned ones are left out.
        creators: Their slugs; `creator_names` gives the names.
        sold: Where its standard package is sold; none: nowhere.
        offer_age: The highest age mark in that package: nobody below it is shown its price.
        prices: By price group (`Prices.groups`), the periods in their order.
        score_percent: None before there are enough reviews.
        rating: `reviews.scores.rating`.
    """

    app_id: UUID
    kind: AppKind
    stage: Stage
    title: str
    shown_as: dict[Language, str] = {}
    names: list[str] = []
    words: list[str] = []
    texts: dict[Language, str] = {}
    age_rating: int = 0
    popularity: float = 0.0
    released_on: date | None = None
    tags: list[str] = []
    genres: list[str] = []
    categories: list[str] = []
    features: list[str] = []
    series: str | None = None
    creators: list[str] = []
    creator_names: dict[str, str] = {}
    platforms: list[str] = []
    languages: list[str] = []
    voice: list[str] = []
    subtitles: list[str] = []
    visible: Availability = EVERYWHERE
    sold: Availability | None = None
    offer_age: int = 0
    prices: dict[str, list[PricePeriod]] = {}
    score_percent: int | None = None
    rating: int | None = None
    reviews: int = 0
