"""What a list may be narrowed by, as the query says it."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from samovar.kit.rest.parameters import QueryFields
from samovar.services.catalog.domain import AgeRating, AppKind, Platform, Slug, Stage
from samovar.services.catalog.schemas import LanguageCode
from samovar.services.catalog.search.schemas import FACET_GROUPS, SearchQuery, Sort

TEXT_LENGTH_MAX = 200
VALUES_MAX = 100
AMOUNT_MAX = 2_000_000_000

Slugs = Annotated[tuple[Slug, ...], Meta(max_length=VALUES_MAX)]
Languages = Annotated[tuple[LanguageCode, ...], Meta(max_length=VALUES_MAX)]
Amount = Annotated[int, Meta(ge=0, le=AMOUNT_MAX, description="Minor units of the country's currency.")]
Percent = Annotated[int, Meta(ge=0, le=100)]
Presence = Literal["show", "hide", "only"]


class Filters(QueryFields, frozen=True, kw_only=True):
    """Which games, and in which order.

    Of a repeated `tag`, `genre`, `platform`, `feature` or language all must hold; of other repeated words one is enough.
    """

    query: Annotated[
        str,
        Meta(
            max_length=TEXT_LENGTH_MAX,
            description="Words in any spelling: with slips, in the other keyboard layout, in Cyrillic letters.",
        ),
    ] = ""
    tag: Slugs = ()
    tag_not: Slugs = ()
    genre: Slugs = ()
    genre_not: Slugs = ()
    category: Slugs = ()
    feature: Slugs = ()
    series: Slugs = ()
    creator: Slugs = ()
    creator_not: Slugs = ()
    kind: Annotated[
        tuple[AppKind, ...],
        Meta(max_length=5, description="Games alone unless said; with words, of any kind."),
    ] = ()
    stage: Annotated[tuple[Stage, ...], Meta(max_length=3)] = ()
    platform: Annotated[tuple[Platform, ...], Meta(max_length=6)] = ()
    language: Languages = ()
    voice: Languages = ()
    subtitles: Languages = ()
    price_min: Amount | None = None
    price_max: Amount | None = None
    discounted: bool | None = None
    discount_min: Percent | None = None
    free: bool | None = None
    on_sale: Annotated[bool, Meta(description="Only what can be bought in the country now.")] = False
    age_max: AgeRating | None = None
    review_min: Percent | None = None
    released_after: date | None = None
    released_before: date | None = None
    owned: Presence = "show"
    wishlisted: Presence = "show"
    ignored: Annotated[Literal["show", "hide"], Meta(description="What the caller does not want to see.")] = (
        "hide"
    )
    sort: Annotated[
        Sort | None, Meta(description="By relevance when there are words, else by popularity.")
    ] = None
    facets: Annotated[bool, Meta(description="Count the values of every group, too.")] = False

    def as_search(self) -> SearchQuery:
        """Return the same as search understands it; who looks is to be added."""
        kinds: tuple[AppKind, ...] = self.kind or (() if self.query.strip() else ("game",))
        return SearchQuery(
            text=self.query,
            kinds=kinds,
            stages=self.stage,
            tags=self.tag,
            tags_excluded=self.tag_not,
            genres=self.genre,
            genres_excluded=self.genre_not,
            categories=self.category,
            features=self.feature,
            series=self.series,
            creators=self.creator,
            creators_excluded=self.creator_not,
            platforms=self.platform,
            languages=self.language,
            voice=self.voice,
            subtitles=self.subtitles,
            price_min=self.price_min,
            price_max=self.price_max,
            discount_min=self.discount_min,
            is_discounted=self.discounted,
            is_free=self.free,
            on_sale=self.on_sale,
            score_min=self.review_min,
            released_from=self.released_after,
            released_to=self.released_before,
            only_owned=self.owned == "only",
            hide_owned=self.owned == "hide",
            only_wishlisted=self.wishlisted == "only",
            hide_wishlisted=self.wishlisted == "hide",
            hide_ignored=self.ignored == "hide",
            sort=self.sort or ("relevance" if self.query.strip() else "popularity"),
            facets=FACET_GROUPS if self.facets else (),
        )
