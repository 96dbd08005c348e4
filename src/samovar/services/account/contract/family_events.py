"""The events that account sends about families; the rules of `events` hold."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event


class FamilyCreated(Event, frozen=True, kw_only=True, subject="account.v1.family_created"):
    """An adult has made a family and is its only member.

    Attributes:
        family_version: Counts the events about a family and its members, of all kinds whose aggregate is the family.
    """

    family_id: UUID
    created_by: UUID
    family_version: int
    created_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the family."""
        return Aggregate(str(self.family_id), self.family_version)


class FamilyMemberInvited(Event, frozen=True, kw_only=True, subject="account.v1.family_member_invited"):
    """An adult asks a friend to join their family.

    Attributes:
        role: `adult` or `child`.
    """

    family_id: UUID
    invite_id: UUID
    account_id: UUID
    invited_by: UUID
    role: str
    family_version: int
    invited_at: datetime
    expires_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the family."""
        return Aggregate(str(self.family_id), self.family_version)


class FamilyInviteClosed(Event, frozen=True, kw_only=True, subject="account.v1.family_invite_closed"):
    """An invite to a family waits no longer for an answer, and nobody joined by it.

    Attributes:
        reason: `declined`, `canceled` or `expired`.
    """

    family_id: UUID
    invite_id: UUID
    account_id: UUID
    reason: str
    family_version: int
    closed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the family."""
        return Aggregate(str(self.family_id), self.family_version)


class FamilyMemberJoined(Event, frozen=True, kw_only=True, subject="account.v1.family_member_joined"):
    """Somebody has joined a family; for a child, limits apply from now on."""

    family_id: UUID
    account_id: UUID
    role: str
    family_version: int
    joined_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the family."""
        return Aggregate(str(self.family_id), self.family_version)


class FamilyMemberLeft(Event, frozen=True, kw_only=True, subject="account.v1.family_member_left"):
    """Somebody belongs to a family no longer; no limits of it apply to them.

    Attributes:
        reason: `left`, `removed`, or `dissolved`: the family is no more.
    """

    family_id: UUID
    account_id: UUID
    reason: str
    family_version: int
    left_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the family."""
        return Aggregate(str(self.family_id), self.family_version)


class FamilyMemberRoleChanged(
    Event, frozen=True, kw_only=True, subject="account.v1.family_member_role_changed"
):
    """A child of a family has come of age: no limits apply to them any more."""

    family_id: UUID
    account_id: UUID
    role: str
    family_version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the family."""
        return Aggregate(str(self.family_id), self.family_version)


class ChildLimitsChanged(Event, frozen=True, kw_only=True, subject="account.v1.child_limits_changed"):
    """The adults of a family have set what a child may do; ask `BatchGetLimits` for it.

    Attributes:
        changed_by: The adult.
    """

    family_id: UUID
    account_id: UUID
    changed_by: UUID
    family_version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the family."""
        return Aggregate(str(self.family_id), self.family_version)


class PlayTimeRequested(Event, frozen=True, kw_only=True, subject="account.v1.play_time_requested"):
    """A child asks the adults of their family for more time today."""

    request_id: UUID
    family_id: UUID
    account_id: UUID
    minutes: int
    requested_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the request."""
        return Aggregate(str(self.request_id), 1)


class PlayTimeRequestDecided(
    Event, frozen=True, kw_only=True, subject="account.v1.play_time_request_decided"
):
    """A request for more time today is over; where it was approved, `BatchGetLimits` counts the time in.

    Attributes:
        state: `approved`, `declined`, `canceled` or `expired`.
        decided_by: The adult; none where nobody decided.
        minutes: What was given.
    """

    request_id: UUID
    family_id: UUID
    account_id: UUID
    state: str
    decided_by: UUID | None
    minutes: int
    decided_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the request."""
        return Aggregate(str(self.request_id), 2)


class PurchaseRequested(Event, frozen=True, kw_only=True, subject="account.v1.purchase_requested"):
    """A child asks the adults of their family for a package."""

    request_id: UUID
    family_id: UUID
    account_id: UUID
    package_id: UUID
    requested_at: datetime
    expires_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the request."""
        return Aggregate(str(self.request_id), 1)


class PurchaseRequestApproved(
    Event, frozen=True, kw_only=True, subject="account.v1.purchase_request_approved"
):
    """An adult will pay for what a child asked for; payment acts on it once.

    Attributes:
        account_id: The child, who gets the licences.
        payer_id: The adult who approved.
    """

    request_id: UUID
    family_id: UUID
    account_id: UUID
    payer_id: UUID
    package_id: UUID
    approved_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the request."""
        return Aggregate(str(self.request_id), 2)


class PurchaseRequestClosed(Event, frozen=True, kw_only=True, subject="account.v1.purchase_request_closed"):
    """A request for a package is over and was not approved.

    Attributes:
        reason: `declined`, `canceled` or `expired`.
        closed_by: Who closed it; none where nobody did.
    """

    request_id: UUID
    family_id: UUID
    account_id: UUID
    package_id: UUID
    reason: str
    closed_by: UUID | None
    closed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the request."""
        return Aggregate(str(self.request_id), 2)


FAMILY_EVENTS: tuple[type[Event], ...] = (
    FamilyCreated,
    FamilyMemberInvited,
    FamilyInviteClosed,
    FamilyMemberJoined,
    FamilyMemberLeft,
    FamilyMemberRoleChanged,
    ChildLimitsChanged,
    PlayTimeRequested,
    PlayTimeRequestDecided,
    PurchaseRequested,
    PurchaseRequestApproved,
    PurchaseRequestClosed,
)
