"""The events that catalog sends of what developers write beside the page. Additive change only."""

from uuid import UUID

from samovar.kit.events import Event


class ChangelogWritten(Event, frozen=True, kw_only=True, subject="catalog.v1.changelog_written"):
    """What changed in releases of apps was told, or is told otherwise than before.

    Attributes:
        app_ids: At most 500.
    """

    app_ids: tuple[UUID, ...]
