"""The page of a game, as its screen reads it: one call."""

from datetime import date, datetime

import msgspec

from samovar.client.api.calls import Calls, path
from samovar.client.api.catalog import Game, Money, Named, Price, Recommendations


class Medium(msgspec.Struct, frozen=True):
    """A picture; `url` is a path of the platform, `?width=` gives smaller ones."""

    kind: str
    url: str
    alt: str | None = None


class SpokenLanguage(msgspec.Struct, frozen=True):
    """How far a game speaks a language."""

    code: str
    interface: bool
    voice: bool
    subtitles: bool


class Requirements(msgspec.Struct, frozen=True):
    """What a machine must have; sizes in MiB."""

    platform: str
    level: str
    os: str | None = None
    cpu: str | None = None
    gpu: str | None = None
    memory_mib: int | None = None
    storage_mib: int | None = None
    note: str | None = None


class Creator(msgspec.Struct, frozen=True):
    """Who made or publishes a game."""

    slug: str
    name: str


class Contained(msgspec.Struct, frozen=True):
    """What a licence opens."""

    slug: str
    title: str


class Package(msgspec.Struct, frozen=True):
    """What is sold on the page; `place` 0 is the standard one."""

    id: str
    name: str
    place: int = 0
    is_preorder: bool = False
    price: Price | None = None
    contents: list[Contained] = []


class AgeMark(msgspec.Struct, frozen=True):
    """An age mark and why it is what it is."""

    rating: int = 0
    descriptors: list[str] = []


class Release(msgspec.Struct, frozen=True):
    """When a game comes or came out."""

    stage: str = "released"
    on: date | None = None
    promise: str | None = None


class GamePage(Game, frozen=True, kw_only=True):
    """A game with all that its page says."""

    description: str = ""
    media: list[Medium]
    languages: list[SpokenLanguage]
    requirements: list[Requirements]
    genres: list[Named]
    categories: list[Named]
    features: list[Named]
    developers: list[Creator]
    publishers: list[Creator]
    age: AgeMark = AgeMark()
    release: Release = Release()
    packages: list[Package]
    dlc: list[Game]
    demo: Game | None = None
    base: Game | None = None
    licence: str | None = None
    is_withdrawn: bool = False


class Author(msgspec.Struct, frozen=True):
    """Who wrote a review; no name where they are gone or do not show themselves."""

    state: str = "shown"
    display_name: str | None = None


class Review(msgspec.Struct, frozen=True):
    """What a player thinks."""

    id: str
    author: Author
    recommended: bool
    text: str
    created_at: datetime
    play_minutes: int | None = None
    received_free: bool = False
    refunded: bool = False
    helpful: int = 0


class Reviews(msgspec.Struct, frozen=True):
    """The most helpful ones."""

    items: list[Review] = []


class PriceStep(msgspec.Struct, frozen=True):
    """What a package cost for a while; `until` is null for the present price."""

    since: datetime
    final: Money
    base: Money
    discount_percent: int = 0
    until: datetime | None = None


class PriceHistory(msgspec.Struct, frozen=True):
    """What a package cost, the oldest first."""

    steps: list[PriceStep] = []
    lowest_30d: Money | None = None


class WholePage(msgspec.Struct, frozen=True):
    """All that the screen needs; a part that is away is null and named in `missing`."""

    game: GamePage
    similar: Recommendations | None = None
    reviews: Reviews | None = None
    price_history: PriceHistory | None = None
    missing: list[str] = []


async def game_page(calls: Calls, slug: str) -> WholePage:
    """Return the page of a game.

    Raises:
        SdkError: `catalog.app_not_found`, `catalog.age_restricted` and others.
    """
    return await calls.get(WholePage, path("/v1/pages/games/{slug}", slug=slug))
