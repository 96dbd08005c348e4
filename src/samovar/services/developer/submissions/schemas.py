"""Submissions as doors show and take them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

State = Literal[
    "submitted", "approved", "changes_requested", "refused", "withdrawn", "releasing", "released", "outdated"
]
NOTE_LENGTH_MAX = 1_000

Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]+\Z")]


class NewSubmission(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft to be submitted.

    Attributes:
        note: For the moderator: what is new, how to see it.
        draft_version: The draft that the developer has looked at; none: whichever there is.
    """

    note: Annotated[str, Meta(max_length=NOTE_LENGTH_MAX, pattern=r"^[^\x00]*\Z")] = ""
    draft_version: Annotated[int, Meta(ge=0)] | None = None


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """A draft that a developer wants to see in the store.

    Attributes:
        is_first: The app was never shown before.
        reason: What the moderator wrote.
        release_at: When it goes to the store.
        failure: Why catalog did not take it.
        page_version: The page that it became.
    """

    id: UUID
    app_id: UUID
    organisation_id: UUID
    draft_id: UUID | None
    draft_version: int
    is_first: bool
    note: str
    state: State
    account_id: UUID
    made_at: datetime
    decided_at: datetime | None
    reason: str | None
    release_at: datetime | None
    failure: str | None
    page_version: int | None
    ended_at: datetime | None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A field of the page that would change.

    Attributes:
        path: `texts.ru.title`.
    """

    path: str
    before: Any
    after: Any


class SubmissionReview(msgspec.Struct, frozen=True, kw_only=True):
    """A submission with what a moderator looks at.

    Attributes:
        organisation_name: None where the organisation is not known here.
        is_confirmed: The organisation is what it says that it is in law.
        is_current: The draft is still the one that was submitted.
        page: The page as it would be.
    """

    submission: Submission
    organisation_name: str | None
    is_confirmed: bool
    is_current: bool
    slug: str
    kind: str
    differences: list[Difference]
    page: Any


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a moderator decides; the developer reads the reason."""

    reason: Reason


class ReleaseOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When an approved draft goes to the store.

    Attributes:
        at: Not there: now.
    """

    at: Annotated[datetime, Meta(tz=True)] | None = None


class SubmissionKey(msgspec.Struct, frozen=True):
    """What lists of submissions are sorted by."""

    made_at: datetime
    id: UUID
