"""The events that download sends. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event


class BuildPublished(Event, frozen=True, kw_only=True, subject="download.v1.build_published"):
    """All bytes of a build are in the store. Players get it when a branch names it.

    Attributes:
        number: 1, 2, 3 … of the app.
    """

    build_id: UUID
    app_id: UUID
    organisation_id: UUID
    number: int
    size_bytes: int
    published_at: datetime


class BranchChanged(Event, frozen=True, kw_only=True, subject="download.v1.branch_changed"):
    """A branch gives another build, or to more or fewer players; or it is gone.

    Attributes:
        build_id: None: there is no such branch any more.
        percent: How many of a hundred get it.
        is_public: Everybody who may download the app gets it, without a password.
    """

    app_id: UUID
    branch: str
    sequence: int
    build_id: UUID | None
    percent: int
    is_public: bool
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the app: its branches in the order in which they were changed."""
        return Aggregate(str(self.app_id))
