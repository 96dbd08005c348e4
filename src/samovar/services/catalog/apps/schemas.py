"""The shapes of pages: as they are written, and as they stand in lists."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.catalog.domain import AgeRating, AppKind, AppState, Platform, Slug, Stage, TermKind
from samovar.services.catalog.schemas import AppDocument, Names

REASON_LENGTH_MAX = 500
ORIGIN_OWN = "own"

# Blanks alone are no reason, and no table keeps a NUL.
Reason = Annotated[
    str, Meta(min_length=1, max_length=REASON_LENGTH_MAX, pattern=r"^[^\x00]*[^\s\x00][^\x00]*\Z")
]


class AppWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A page as it shall be.

    Attributes:
        app_id: Which app; none for a new one, or for the one that came under the same `origin` and `origin_key` before.
        expected_version: The version that the writer has seen; none takes whatever there is.
        organisation_id: Whose it is; none leaves that as it is.
        origin: Where it came from: `own`, `demo`, `appstream`; it stays with the app.
        origin_key: Its key there.
        popularity: How much it is asked for; none leaves that as it is.
        account_id: Who writes; none for an import and for jobs.
    """

    document: AppDocument
    app_id: UUID | None = None
    expected_version: int | None = None
    state: AppState
    organisation_id: UUID | None = None
    origin: str = ORIGIN_OWN
    origin_key: str | None = None
    popularity: float | None = None
    account_id: UUID | None = None
    reason: Reason


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a page.

    Attributes:
        is_changed: Whether there is a new version; a page that is there already makes none.
    """

    app_id: UUID
    version: int
    is_new: bool
    is_changed: bool


class TermWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A word of the taxonomy as it shall be."""

    kind: TermKind
    slug: Slug
    names: Names


class CreatorWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A developer or publisher as it shall be; none leaves a field as it is."""

    slug: Slug
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    organisation_id: UUID | None = None
    website: Annotated[str, Meta(max_length=300, pattern=r"^https?://[^\s]+\Z")] | None = None


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A word of the taxonomy in the reader's language."""

    slug: str
    name: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """An app as it stands in a list.

    Attributes:
        title: In the reader's language, where it differs from the original.
        capsule_url: A path below the origin; none without a picture.
        tags: At most 20, the weightiest first.
        release_date: Of the full release, or of early access before it.
    """

    id: UUID
    slug: str
    kind: AppKind
    title: str
    short_description: str
    capsule_url: str | None
    tags: list[Named]
    platforms: list[Platform]
    age_rating: AgeRating
    stage: Stage
    release_date: date | None
