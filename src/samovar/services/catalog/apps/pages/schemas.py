"""The shapes of pages as they travel."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from samovar.services.catalog.apps.schemas import Named
from samovar.services.catalog.domain import AgeRating, Language, Platform, Stage
from samovar.services.catalog.listing.schemas import GameItem, PriceShown
from samovar.services.catalog.schemas import Descriptor, MediumKind


class MediumSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of the page; `url` is a path below the origin, `?width=` gives smaller ones."""

    kind: MediumKind
    url: str
    width: int
    height: int
    alt: str | None


class LanguageSeen(msgspec.Struct, frozen=True, kw_only=True):
    """How far an app speaks a language."""

    code: str
    interface: bool
    voice: bool
    subtitles: bool


class RequirementsSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What a machine must have; sizes are in MiB."""

    platform: Platform
    level: str
    os: str | None
    cpu: str | None
    gpu: str | None
    memory_mib: int | None
    storage_mib: int | None
    note: str | None


class AgeSeen(msgspec.Struct, frozen=True, kw_only=True):
    """The age mark and why it is what it is."""

    rating: AgeRating
    descriptors: list[Descriptor]


class ReleaseSeen(msgspec.Struct, frozen=True, kw_only=True):
    """When an app comes or came out; `promise` is said instead of a day."""

    stage: Stage
    on: date | None
    early_access_on: date | None
    promise: str | None


class CreatorSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A developer or publisher."""

    id: UUID
    slug: str
    name: str


class ChangelogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What changed in the app with one release."""

    id: UUID
    release: str
    text: str
    published_at: datetime


class Contained(msgspec.Struct, frozen=True, kw_only=True):
    """An app in a package."""

    id: UUID
    slug: str
    title: str


class PackageSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What is sold on the page.

    Attributes:
        place: 0 for the standard one.
        price: None where it has none in the country.
        contents: What a licence of it opens.
    """

    id: UUID
    slug: str
    name: str
    place: int
    is_preorder: bool
    price: PriceShown | None
    contents: list[Contained]


class GamePage(GameItem, frozen=True, kw_only=True):
    """The page of an app.

    Attributes:
        language: Of the texts: the reader's, or the other one where there is none in it.
        original_title: In whatever script.
        packages: What is sold in the reader's country, the standard one first.
        editions: The ids of those packages that hold the app itself.
        dlc: What belongs to it and the reader may see, the latest first; `/v1/games/{id}/dlc` has all.
        base: The game that it belongs to.
        changelog: The latest entry; `/v1/games/{id}/changelog` has all.
        licence: The SPDX licence of a free program.
        is_withdrawn: No longer in the store; shown to those who own it.
    """

    language: Language
    original_title: str
    description: str
    aliases: list[str]
    media: list[MediumSeen]
    languages: list[LanguageSeen]
    requirements: list[RequirementsSeen]
    genres: list[Named]
    categories: list[Named]
    features: list[Named]
    series: Named | None
    developers: list[CreatorSeen]
    publishers: list[CreatorSeen]
    age: AgeSeen
    release: ReleaseSeen
    website: str | None
    licence: str | None
    packages: list[PackageSeen]
    editions: list[UUID]
    dlc: list[GameItem]
    demo: GameItem | None
    base: GameItem | None
    changelog: ChangelogEntry | None
    is_withdrawn: bool
