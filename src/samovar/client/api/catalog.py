"""The store as screens read it: games, pages, search, wishes. Fields that no screen shows are passed over."""

import asyncio
import contextlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec

from samovar.client.api.calls import Calls, path
from samovar.sdk.errors import SdkError

# A card of the store has a dozen controls, and a screen has at most 600.
PAGE_SIZE = 24
# A row of the wishlist has more to press than a card.
WISHES_PAGE_SIZE = 18
SUGGESTIONS_MAX = 8

Money = dict[str, Any]
"""A sum as the API writes it, minor units and ISO 4217: `{"amount": 129900, "currency": "RUB"}`."""


class Named(msgspec.Struct, frozen=True):
    """A word of the store's vocabulary, in the reader's language."""

    slug: str
    name: str


class Price(msgspec.Struct, frozen=True):
    """What a package costs now; `lowest_30d` was really charged in the last 30 days."""

    base: Money
    final: Money
    discount_percent: int
    lowest_30d: Money | None = None
    ends_at: datetime | None = None


class Game(msgspec.Struct, frozen=True, kw_only=True):
    """A game in a list."""

    id: str
    slug: str
    title: str
    kind: str = "game"
    short_description: str = ""
    capsule_url: str | None = None
    tags: list[Named] = []
    platforms: list[str] = []
    age_rating: int = 0
    stage: str = "released"
    release_date: date | None = None
    package_id: str | None = None
    price: Price | None = None
    review_score: int | None = None
    review_label: str | None = None
    review_count: int = 0
    is_owned: bool = False
    is_wishlisted: bool = False


class Games(msgspec.Struct, frozen=True):
    """A page of a list of games."""

    items: list[Game] = []
    next_cursor: str | None = None
    total: int = 0
    corrected_to: str | None = None


class FacetValue(msgspec.Struct, frozen=True):
    """A value that a search can be narrowed to, and how many games it leaves."""

    value: str
    name: str
    count: int


class Found(msgspec.Struct, frozen=True):
    """What a search found, and how it can be narrowed."""

    items: list[Game] = []
    next_cursor: str | None = None
    total: int = 0
    corrected_to: str | None = None
    facets: dict[str, list[FacetValue]] | None = None


class Reason(msgspec.Struct, frozen=True):
    """Why a game is recommended, in a sentence of the reader's language."""

    kind: str
    text: str


class Recommended(msgspec.Struct, frozen=True):
    """A game and why it is shown."""

    game: Game
    reason: Reason


class Recommendations(msgspec.Struct, frozen=True):
    """A row of recommendations."""

    items: list[Recommended] = []


class Home(msgspec.Struct, frozen=True):
    """The first screen; a part that is away is null and named in `missing`."""

    popular: Games | None = None
    discounted: Games | None = None
    new: Games | None = None
    coming: Games | None = None
    recommended: Recommendations | None = None
    missing: list[str] = []


class Suggestion(msgspec.Struct, frozen=True):
    """What somebody who types may mean."""

    kind: str
    name: str
    slug: str
    item: Game | None = None


class Suggestions(msgspec.Struct, frozen=True):
    """The likeliest first."""

    items: list[Suggestion] = []
    corrected_to: str | None = None


class Wish(msgspec.Struct, frozen=True):
    """A game that the player wants."""

    game: Game
    rank: int
    added_at: datetime


class Wishes(msgspec.Struct, frozen=True):
    """A page of the wishlist."""

    items: list[Wish] = []
    next_cursor: str | None = None


class Catalog:
    """The store.

    Args:
        calls: As the player where there is one: what is owned and wished is marked then.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def home(self) -> Home:
        """Return the first screen, in one call."""
        return await self._calls.get(Home, "/v1/pages/home")

    async def find(self, query: str, *, cursor: str | None = None) -> Found:
        """Return games.

        Args:
            query: What is wanted, as a query string; see `state.search.Filters`.
            cursor: Of the page before.
        """
        more = {"limit": str(PAGE_SIZE)} | ({"cursor": cursor} if cursor else {"facets": "true"})
        return await self._calls.get(Found, f"/v1/games?{query}" if query else "/v1/games", more)

    async def game(self, slug: str) -> Game:
        """Return what a list shows of one game, by its slug or its id."""
        return await self._calls.get(Game, path("/v1/games/{slug}", slug=slug))

    async def games(self, ids: Iterable[str]) -> dict[str, Game]:
        """Return games by their ids; those that cannot be had are missing."""

        async def one(app_id: str) -> Game | None:
            with contextlib.suppress(SdkError):
                return await self.game(app_id)
            return None

        found = await asyncio.gather(*(one(app_id) for app_id in ids))
        return {game.id: game for game in found if game is not None}

    async def suggest(self, typed: str) -> Suggestions:
        """Return what somebody who types may mean."""
        return await self._calls.get(
            Suggestions, "/v1/search/suggest", {"q": typed, "limit": str(SUGGESTIONS_MAX)}
        )

    async def wishlist(self, *, cursor: str | None = None) -> Wishes:
        """Return what the player wants."""
        query = {"limit": str(WISHES_PAGE_SIZE)} | ({"cursor": cursor} if cursor else {})
        return await self._calls.get(Wishes, "/v1/wishlist", query)

    async def wish(self, game_id: str, *, wanted: bool) -> None:
        """Put a game on the wishlist, or take it off."""
        await self._calls.send("PUT" if wanted else "DELETE", path("/v1/wishlist/{id}", id=game_id))
