"""The events that catalog sends of what developers write beside the page. Additive change only."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Event


class ChangelogWritten(Event, frozen=True, kw_only=True, subject="catalog.v1.changelog_written"):
    """What changed in releases of apps was told, or is told otherwise than before.

    Attributes:
        app_ids: At most 500.
    """

    app_ids: tuple[UUID, ...]


class NewsChanged(Event, frozen=True, kw_only=True, subject="catalog.v1.news_changed"):
    """A post about an app is shown to players, reads otherwise, or is shown no longer.

    Attributes:
        kind: `news`, or `release`, which tells of a version.
        state: `published` or `withdrawn`.
        build_id: The build that it is about.
        is_new: It is shown for the first time: worth telling those who follow the app.
    """

    post_id: UUID
    app_id: UUID
    kind: str
    state: str
    version: str | None = None
    build_id: UUID | None = None
    is_new: bool
    published_at: datetime


class CreatorChanged(Event, frozen=True, kw_only=True, subject="catalog.v1.creator_changed"):
    """A developer or publisher is called otherwise than before. One that many pages name is told in several events.

    Attributes:
        app_ids: The apps whose pages name it, at most 500.
        version: Counts the changes: keep the highest.
    """

    creator_id: UUID
    slug: str
    name: str
    app_ids: tuple[UUID, ...]
    version: int
    changed_at: datetime
