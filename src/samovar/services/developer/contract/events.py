"""The events that developer sends. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event


class OrganisationChanged(Event, frozen=True, kw_only=True, subject="developer.v1.organisation_changed"):
    """An organisation was founded, or is called otherwise than before."""

    organisation_id: UUID
    name: str
    changed_at: datetime
    version: int

    def aggregate(self) -> Aggregate:
        """Return the organisation."""
        return Aggregate(str(self.organisation_id), self.version)


class OrganisationConfirmed(Event, frozen=True, kw_only=True, subject="developer.v1.organisation_confirmed"):
    """A register or a member of staff says that an organisation is what it claims to be in law.

    Attributes:
        legal_form: `company`, `entrepreneur` or `self_employed`.
        inn: The number of the taxpayer; no other organisation has it.
    """

    organisation_id: UUID
    legal_form: str
    legal_name: str
    inn: str
    kpp: str | None = None
    ogrn: str | None = None
    confirmed_at: datetime


class SubmissionMade(Event, frozen=True, kw_only=True, subject="developer.v1.submission_made"):
    """A developer asks that a draft may become the page in the store."""

    submission_id: UUID
    app_id: UUID
    organisation_id: UUID
    account_id: UUID
    is_first: bool
    made_at: datetime


class SubmissionDecided(Event, frozen=True, kw_only=True, subject="developer.v1.submission_decided"):
    """A moderator has approved a draft, sent it back or refused it.

    Attributes:
        account_id: Who had submitted it.
        state: `approved`, `changes_requested` or `refused`.
        reason: What the moderator wrote.
    """

    submission_id: UUID
    app_id: UUID
    organisation_id: UUID
    account_id: UUID
    state: str
    reason: str
    decided_at: datetime


class AppReleased(Event, frozen=True, kw_only=True, subject="developer.v1.app_released"):
    """An approved draft has become the page in the store.

    Attributes:
        is_first: The app was never shown before.
    """

    submission_id: UUID
    app_id: UUID
    organisation_id: UUID
    page_version: int
    is_first: bool
    released_at: datetime
