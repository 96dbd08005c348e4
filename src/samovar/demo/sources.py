"""The showcase catalogue as it is written down in `catalogue/`: what its TOML files hold."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from samovar.demo.covers.studio import Art

FOLDER = Path(__file__).parent / "catalogue"
Kind = Literal["game", "demo", "dlc", "soundtrack", "tool"]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=96)]


class Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The root of what is written by hand: an unknown field is a mistake."""


class Text(Written, frozen=True, kw_only=True):
    """What is said of an app in one language. `title` stands where it differs from the original one."""

    short: str
    text: str = ""
    title: str | None = None


class Names(Written, frozen=True, kw_only=True):
    """A name in both languages."""

    ru: str
    en: str


class Belonging(Written, frozen=True, kw_only=True):
    """What belongs to an invented game: DLC, its music, a demo.

    Attributes:
        price: Roubles; none for what is free.
        palette: Of its pictures, where it differs from the game's.
    """

    kind: Literal["demo", "dlc", "soundtrack"]
    slug: Slug
    title: str
    days_ago: int
    price: int = 0
    palette: str | None = None
    ru: Text
    en: Text


class Edition(Written, frozen=True, kw_only=True):
    """A package with more than the game in it."""

    slug: Slug
    ru: str
    en: str
    price: int
    with_: list[Slug] = msgspec.field(name="with")


class Game(Written, frozen=True, kw_only=True):
    """A game with its page.

    Attributes:
        by: Its developers, by their slugs.
        year: Of the first release of a real game.
        first: The day of it, where it is known for sure.
        days_ago: How long before the seeding an invented game came out; for early access, since when it is open.
        days_ahead: In how many days after the seeding it comes out.
        on: Platforms, by spaces.
        price: Roubles; 0 is free.
        history: Base prices in the past: days before the seeding, roubles.
        discount: Percent.
        region: Where it is sold: `cis`, `not-cn`, or everywhere.
        languages: Of the interface, by spaces; `voice`: spoken ones.
        why: Descriptors of the age mark.
        alias: Other names that people type.
        weight: How much of a machine it needs, for invented games.
        more: What belongs to it.
        edition: Other packages of it.
    """

    slug: Slug
    title: str
    kind: Kind = "game"
    series: Slug | None = None
    by: list[Slug]
    year: int | None = None
    first: date | None = None
    stage: Literal["coming_soon", "early_access", "released"] = "released"
    days_ago: int | None = None
    days_ahead: int | None = None
    promise: Names | None = None
    preorder: bool = False
    licence: str | None = None
    on: str = "windows linux"
    site: str | None = None
    price: int = 0
    history: list[tuple[int, int]] = []
    discount: int | None = None
    seasonal: bool = False
    region: Literal["cis", "not-cn"] | None = None
    genres: list[Slug]
    categories: list[Slug]
    features: list[Slug]
    tags: list[Slug]
    age: Literal[0, 6, 12, 16, 18]
    why: list[str] = []
    languages: str = "ru en"
    voice: str = ""
    weight: Literal["light", "middle", "heavy", "titan"] | None = None
    alias: list[str] = []
    popularity: float
    art: Art
    ru: Text
    en: Text
    more: list[Belonging] = []
    edition: list[Edition] = []

    @property
    def is_invented(self) -> bool:
        """Whether it exists only here: real games have the year of their first release."""
        return self.year is None


class Bundle(Written, frozen=True, kw_only=True):
    """Several packages together. `ru` and `en`: the name and a description."""

    slug: Slug
    kind: Literal["complete_the_set", "must_purchase_together"]
    percent: int
    packages: list[Slug]
    ru: tuple[str, str]
    en: tuple[str, str]


class _Games(Written, frozen=True, kw_only=True):
    game: list[Game]


class _Bundles(Written, frozen=True, kw_only=True):
    bundle: list[Bundle]


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """All of it.

    Attributes:
        terms: The names of each term, by kind and slug.
        creators: The name of each creator, and the website where there is one.
    """

    terms: dict[str, dict[str, tuple[str, str]]]
    creators: dict[str, tuple[str, ...]]
    games: list[Game]
    bundles: list[Bundle]


def read() -> Catalogue:
    """Read the catalogue from its files."""
    games = [
        game
        for folder in ("free", "invented")
        for file in sorted((FOLDER / folder).glob("*.toml"))
        for game in msgspec.toml.decode(file.read_bytes(), type=_Games).game
    ]
    return Catalogue(
        terms=msgspec.toml.decode(
            (FOLDER / "terms.toml").read_bytes(), type=dict[str, dict[str, tuple[str, str]]]
        ),
        creators=msgspec.toml.decode(
            (FOLDER / "creators.toml").read_bytes(), type=dict[str, tuple[str, ...]]
        ),
        games=games,
        bundles=msgspec.toml.decode((FOLDER / "bundles.toml").read_bytes(), type=_Bundles).bundle,
    )
