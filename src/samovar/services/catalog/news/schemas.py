"""The shapes of news."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.services.catalog.editing.schemas import CHANGES_LENGTH_MAX, ReleaseName
from samovar.services.catalog.schemas import Record

PostKind = Literal["news", "release"]
PostState = Literal["draft", "scheduled", "published", "withdrawn"]
TITLE_LENGTH_MAX = 150

Branch = Annotated[
    str,
    Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}\Z", description="Of download: `main` is what everybody gets."),
]


class PostText(Record, frozen=True, kw_only=True):
    """A post in one language. Plain text: an empty line parts paragraphs, marks of HTML are what they are."""

    title: Annotated[str, Meta(min_length=1, max_length=TITLE_LENGTH_MAX)]
    text: Annotated[str, Meta(min_length=1, max_length=CHANGES_LENGTH_MAX)]


class PostTexts(Record, frozen=True, kw_only=True):
    """A post in one language at least; to be published it needs Russian. Where English is missing, Russian is shown."""

    ru: PostText | None = None
    en: PostText | None = None

    def __post_init__(self) -> None:
        """Refuse what says nothing."""
        if self.ru is None and self.en is None:
            raise ValueError("a text in Russian or English is needed")


class NewPost(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A post to be written; nobody else sees it until it is published.

    Attributes:
        kind: `release` tells of a version and stands in the changelog, too.
        version: What the version is called; a release needs one.
        build_id: The build that it is about.
        branch: The branch that gives it.
    """

    kind: PostKind = "news"
    texts: PostTexts
    version: ReleaseName | None = None
    build_id: UUID | None = None
    branch: Branch | None = None


class PostChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to read otherwise; what is left out stays. The version of a release stays once players have seen it."""

    texts: PostTexts | UnsetType = UNSET
    version: ReleaseName | UnsetType | None = UNSET
    build_id: UUID | UnsetType | None = UNSET
    branch: Branch | UnsetType | None = UNSET


class PublishOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a post is shown.

    Attributes:
        at: Not there: now.
        with_build: When the branch of the post, `main` if it names none, gives its build to everybody.
    """

    at: Annotated[datetime, Meta(tz=True)] | None = None
    with_build: bool = False


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A post, as the people of the organisation see it.

    Attributes:
        publish_at: When it is shown; none with `scheduled`: with its build.
        edited_at: Since then it reads otherwise than it was published.
    """

    id: UUID
    app_id: UUID
    kind: PostKind
    state: PostState
    texts: PostTexts
    version: str | None
    build_id: UUID | None
    branch: str | None
    publish_at: datetime | None
    published_at: datetime | None
    edited_at: datetime | None
    created_at: datetime
    changed_at: datetime


class ShownPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post, as players see it, in the reader's language.

    Attributes:
        build_id: The build that it is about.
        edited_at: Since then it reads otherwise than it was published.
    """

    id: UUID
    kind: PostKind
    title: str
    text: str
    version: str | None
    build_id: UUID | None
    published_at: datetime
    edited_at: datetime | None


class PostKey(msgspec.Struct, frozen=True):
    """By what lists of posts are ordered."""

    at: datetime
    id: UUID
