"""The shapes of editing: drafts, what differs, the history, the changelog."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.errors import FieldError
from samovar.services.catalog.apps.schemas import Reason
from samovar.services.catalog.domain import AppKind, AppState, Slug
from samovar.services.catalog.editing.domain import Clash, Difference
from samovar.services.catalog.schemas import SHORT_LENGTH_MAX, Age, AppDocument, Record, Release, Title

RELEASE_LENGTH_MAX = 100
CHANGES_LENGTH_MAX = 20_000

ReleaseName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=RELEASE_LENGTH_MAX,
        description="What the release is called.",
        examples=["1.2"],
    ),
]


class Changes(Record, frozen=True, kw_only=True):
    """What changed, in plain text, in one language at least; the other one is shown where one is missing."""

    ru: Annotated[str, Meta(min_length=1, max_length=CHANGES_LENGTH_MAX)] | None = None
    en: Annotated[str, Meta(min_length=1, max_length=CHANGES_LENGTH_MAX)] | None = None

    def __post_init__(self) -> None:
        """Refuse what says nothing."""
        if self.ru is None and self.en is None:
            raise ValueError("a text in Russian or English is needed")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a changelog as it is written."""

    app_id: UUID
    release: ReleaseName
    texts: Changes
    published_at: datetime


class ChangelogWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changed in a release.

    Attributes:
        published_at: When it came out; now if left out, never later than that.
    """

    release: ReleaseName
    texts: Changes
    published_at: Annotated[datetime, Meta(tz=True)] | None = None


class ChangelogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a changelog as it is kept."""

    release: str
    texts: Changes
    published_at: datetime


class NewApp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An app that begins as a draft.

    Attributes:
        short_description: In Russian.
        base: The game that a demo, DLC or soundtrack belongs to.
    """

    organisation_id: UUID
    kind: AppKind = "game"
    slug: Slug
    title: Title
    short_description: Annotated[str, Meta(min_length=1, max_length=SHORT_LENGTH_MAX)]
    age: Age
    base: Slug | None = None
    release: Release = Release(stage="coming_soon")


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A page as it is edited: the draft where there is one, else the page itself.

    Attributes:
        page_version: Of the page that is in the store, or was last written.
        base_version: Of the page that the draft began from; another one than `page_version`: the page was changed meanwhile.
        draft_version: Counts the changes of the draft; 0: there is none.
        clashes: The paths that both have changed since.
    """

    app_id: UUID
    organisation_id: UUID | None
    state: AppState
    page_version: int
    base_version: int
    draft_version: int
    clashes: list[str]
    page: AppDocument


class DraftDiff(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing the draft would change.

    Attributes:
        differences: Against the page now.
        clashes: What both have changed since the draft began; it is not among the differences until it is decided.
        needed: What the page lacks to be published.
    """

    page_version: int
    draft_version: int
    differences: list[Difference]
    clashes: list[Clash]
    needed: list[FieldError]


class MergeWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What shall hold where both have changed a field.

    Attributes:
        choices: By path: the draft's or the page's.
    """

    choices: Annotated[
        dict[Annotated[str, Meta(max_length=200)], Literal["mine", "theirs"]], Meta(max_length=500)
    ] = {}


class OwnApp(msgspec.Struct, frozen=True, kw_only=True):
    """An app in the list of whoever edits it."""

    app_id: UUID
    organisation_id: UUID | None
    slug: str
    kind: AppKind
    title: str
    state: AppState
    has_draft: bool
    updated_at: datetime


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a page in its history.

    Attributes:
        account_id: Who wrote it; none for imports, and for whoever has been forgotten.
    """

    version: int
    account_id: UUID | None
    reason: str
    changed_at: datetime


class VersionPage(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a page, whole.

    Attributes:
        differences: Against the version before it.
    """

    version: Version
    page: AppDocument
    differences: list[Difference]


class StoredPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page as it is in the store."""

    app_id: UUID
    state: AppState
    version: int
    page: AppDocument


class PublishWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a draft is published.

    Attributes:
        draft_version: The one that was looked at; another one is not published.
    """

    reason: Reason
    draft_version: Annotated[int, Meta(ge=0)] | None = None


class StateWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a page is taken out of the store, or put back."""

    reason: Reason


class EditWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change that moderators make to the page itself.

    Attributes:
        page: A merge patch (RFC 7396) of the document.
    """

    reason: Reason
    page: dict[str, Any]
