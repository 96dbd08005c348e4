"""The page of an app as one document: what is edited, imported, exported, kept with its history, and shown."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from samovar.services.catalog.domain import (
    EVERYWHERE,
    AgeRating,
    AppKind,
    Availability,
    Language,
    Platform,
    Slug,
    Stage,
)

TITLE_LENGTH_MAX = 200
SHORT_LENGTH_MAX = 300
DESCRIPTION_LENGTH_MAX = 20_000
NAME_LENGTH_MAX = 100
NOTE_LENGTH_MAX = 500
ALIASES_MAX = 30
CREATORS_MAX = 10
TERMS_MAX = 20
TAGS_MAX = 30
MEDIA_MAX = 40
DESCRIPTORS_MAX = 16

Title = Annotated[str, Meta(min_length=1, max_length=TITLE_LENGTH_MAX)]
Note = Annotated[str, Meta(max_length=NOTE_LENGTH_MAX)]
LanguageCode = Annotated[
    str,
    Meta(pattern=r"^[a-z]{2,3}(-[A-Z]{2}|-[A-Z][a-z]{3})?\Z", description="BCP 47: ru, en, pt-BR, zh-Hans."),
]
ImageHash = Annotated[
    str, Meta(pattern=r"^[0-9a-f]{64}\Z", description="SHA-256 of the stored image; shown at /v1/media/.")
]
Descriptor = Literal[
    "violence", "blood", "fear", "language", "alcohol_and_tobacco", "drugs", "gambling", "nudity", "sexual_content",
    "discrimination", "purchases", "online_chat",
]  # fmt: skip
MediumKind = Literal["capsule", "header", "hero", "library", "logo", "screenshot"]
"""`capsule` 616 × 353, `header` 920 × 430, `hero` 1920 × 620, `library` 600 × 900, `logo` and `screenshot` any."""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The root of the parts of a document: an unknown field is a mistake, a default is not written."""


class Names(Record, frozen=True, kw_only=True):
    """A name in both languages; without an English one the Russian one is shown."""

    ru: Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH_MAX)]
    en: Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH_MAX)] | None = None


class AppText(Record, frozen=True, kw_only=True):
    """What an app says of itself in one language.

    Attributes:
        title: The title in this language, where it differs from the original one.
        description: Plain text; an empty line parts paragraphs.
    """

    title: Title | None = None
    short_description: Annotated[str, Meta(min_length=1, max_length=SHORT_LENGTH_MAX)]
    description: Annotated[str, Meta(max_length=DESCRIPTION_LENGTH_MAX)] = ""


class AppLanguage(Record, frozen=True, kw_only=True):
    """How far an app speaks a language."""

    code: LanguageCode
    interface: bool = True
    voice: bool = False
    subtitles: bool = False


class Requirements(Record, frozen=True, kw_only=True):
    """What a machine must have. Sizes are in MiB."""

    platform: Platform
    level: Literal["minimum", "recommended"] = "minimum"
    os: Note | None = None
    cpu: Note | None = None
    gpu: Note | None = None
    memory_mib: Annotated[int, Meta(ge=1, le=4_194_304)] | None = None
    storage_mib: Annotated[int, Meta(ge=1, le=16_777_216)] | None = None
    note: Note | None = None


class Age(Record, frozen=True, kw_only=True):
    """The age mark (436-ФЗ) and why it is what it is."""

    rating: AgeRating
    descriptors: Annotated[list[Descriptor], Meta(max_length=DESCRIPTORS_MAX)] = []


class Medium(Record, frozen=True, kw_only=True):
    """A picture of the page; the order of screenshots is the order of the list."""

    kind: MediumKind
    image: ImageHash
    width: Annotated[int, Meta(ge=1, le=16_384)]
    height: Annotated[int, Meta(ge=1, le=16_384)]
    alt: Names | None = None


class Release(Record, frozen=True, kw_only=True):
    """When an app comes or came out.

    Attributes:
        on: The day of the full release; a promise while the stage is `coming_soon`.
        early_access_on: The day on which early access began.
        promise: What is said instead of a day: «весна 2027».
    """

    stage: Stage
    on: date | None = None
    early_access_on: date | None = None
    promise: Names | None = None


class AppDocument(Record, frozen=True, kw_only=True):
    """The page of an app. Creators, terms and the base app are named by their slugs, which never change.

    Attributes:
        title: The original title, in whatever script.
        aliases: Other names that people search for: «ведьмак», «гта».
        base: The game that a demo, DLC or soundtrack belongs to.
        tags: The developer's own, the most telling first.
        licence: The SPDX licence of a free program, where it has one.
        visible: Where the page is shown at all; where it is sold is the package's to say.
    """

    slug: Slug
    kind: AppKind = "game"
    title: Title
    texts: dict[Language, AppText]
    aliases: Annotated[list[Title], Meta(max_length=ALIASES_MAX)] = []
    base: Slug | None = None
    series: Slug | None = None
    developers: Annotated[list[Slug], Meta(max_length=CREATORS_MAX)] = []
    publishers: Annotated[list[Slug], Meta(max_length=CREATORS_MAX)] = []
    release: Release
    platforms: Annotated[list[Platform], Meta(max_length=6)] = []
    languages: Annotated[list[AppLanguage], Meta(max_length=60)] = []
    requirements: Annotated[list[Requirements], Meta(max_length=12)] = []
    age: Age
    genres: Annotated[list[Slug], Meta(max_length=TERMS_MAX)] = []
    categories: Annotated[list[Slug], Meta(max_length=TERMS_MAX)] = []
    features: Annotated[list[Slug], Meta(max_length=TERMS_MAX)] = []
    tags: Annotated[list[Slug], Meta(max_length=TAGS_MAX)] = []
    media: Annotated[list[Medium], Meta(max_length=MEDIA_MAX)] = []
    website: Annotated[str, Meta(max_length=300, pattern=r"^https?://[^\s]+\Z")] | None = None
    licence: Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH_MAX)] | None = None
    visible: Availability = EVERYWHERE
