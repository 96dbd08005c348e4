"""What a child asks for and what becomes of it, as pure functions."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.events import Event
from samovar.services.account.contract.family_events import (
    PlayTimeRequestDecided,
    PlayTimeRequested,
    PurchaseRequestApproved,
    PurchaseRequestClosed,
    PurchaseRequested,
)
from samovar.services.account.family.errors import FamilyRequestClosed

Kind = Literal["purchase", "play_time"]
State = Literal["pending", "approved", "declined", "canceled", "expired"]
Decision = Literal["approved", "declined", "canceled", "expired"]

NOTE_LENGTH_MAX = 500


class FamilyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request of a child to the adults of its family.

    Attributes:
        package_id: What to buy.
        minutes: How much more time to play; what was given, once it is approved.
        day: The day where the child is that the time is for.
        decided_by: Who decided; none where nobody did.
    """

    id: UUID
    family_id: UUID
    account_id: UUID
    kind: Kind
    package_id: UUID | None = None
    minutes: int | None = None
    day: date | None = None
    note: str | None = None
    state: State = "pending"
    decided_by: UUID | None = None
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None = None


def decide(
    request: FamilyRequest, decision: Decision, *, by: UUID | None, now: datetime, minutes: int | None = None
) -> FamilyRequest:
    """Decide over a request; the same decision again changes nothing, whoever took it first.

    Args:
        request: What was asked.
        decision: What becomes of it.
        by: The adult who decides, or the child who takes it back.
        now: The present moment.
        minutes: What an adult gives instead of what was asked.

    Raises:
        FamilyRequestClosed: It was decided otherwise, or has run out.
    """
    if request.state == decision:
        return request
    if request.state != "pending" or (decision != "expired" and request.expires_at <= now):
        raise FamilyRequestClosed
    return msgspec.structs.replace(
        request, state=decision, decided_by=by, decided_at=now, minutes=minutes or request.minutes
    )


def asked_event(request: FamilyRequest) -> Event:
    """Return what tells of a new request."""
    if request.package_id:
        return PurchaseRequested(
            request_id=request.id,
            family_id=request.family_id,
            account_id=request.account_id,
            package_id=request.package_id,
            requested_at=request.created_at,
            expires_at=request.expires_at,
        )
    return PlayTimeRequested(
        request_id=request.id,
        family_id=request.family_id,
        account_id=request.account_id,
        minutes=request.minutes or 0,
        requested_at=request.created_at,
    )


def decided_event(request: FamilyRequest) -> Event:
    """Return what tells how a request ended."""
    at = request.decided_at or request.expires_at
    if request.package_id is None:
        return PlayTimeRequestDecided(
            request_id=request.id,
            family_id=request.family_id,
            account_id=request.account_id,
            state=request.state,
            decided_by=request.decided_by,
            minutes=request.minutes or 0,
            decided_at=at,
        )
    if request.state == "approved" and request.decided_by:
        return PurchaseRequestApproved(
            request_id=request.id,
            family_id=request.family_id,
            account_id=request.account_id,
            payer_id=request.decided_by,
            package_id=request.package_id,
            approved_at=at,
        )
    return PurchaseRequestClosed(
        request_id=request.id,
        family_id=request.family_id,
        account_id=request.account_id,
        package_id=request.package_id,
        reason=request.state,
        closed_by=request.decided_by,
        closed_at=at,
    )
