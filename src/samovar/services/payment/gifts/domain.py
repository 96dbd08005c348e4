"""A gift and its states. Pure.

sent ──► accepted   by whoever it is for
     └─► returned   declined by them, expired, or withdrawn with the order
"""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from samovar.services.payment.contract.events import GiftAccepted, GiftReturned, GiftSent

GiftState = Literal["sent", "accepted", "returned"]
Reason = Literal["declined", "expired", "withdrawn"]
# Where the quote that promised it is no longer there.
DAYS_DEFAULT = 30


class Gift(msgspec.Struct, frozen=True, kw_only=True):
    """A gift as it is kept.

    Attributes:
        line_id: The line of the order that paid for it.
        reason: Why it was returned.
        resolved_at: When it was accepted or returned.
    """

    id: UUID
    line_id: UUID
    order_id: UUID
    sender_id: UUID
    recipient_id: UUID
    package_id: UUID
    app_ids: tuple[UUID, ...]
    names: dict[str, str]
    message: str | None
    state: GiftState
    reason: Reason | None
    sent_at: datetime
    expires_at: datetime
    resolved_at: datetime | None

    def waits(self, now: datetime) -> bool:
        """Return whether it can be accepted or declined."""
        return self.state == "sent" and now < self.expires_at

    def sent(self) -> GiftSent:
        """Return the event of its sending."""
        return GiftSent(
            gift_id=self.id,
            line_id=self.line_id,
            sender_id=self.sender_id,
            recipient_id=self.recipient_id,
            package_id=self.package_id,
            expires_at=self.expires_at,
            sent_at=self.sent_at,
        )

    def accepted(self, now: datetime) -> GiftAccepted:
        """Return the event of its acceptance."""
        return GiftAccepted(
            gift_id=self.id,
            line_id=self.line_id,
            sender_id=self.sender_id,
            recipient_id=self.recipient_id,
            package_id=self.package_id,
            app_ids=self.app_ids,
            accepted_at=now,
        )

    def returned(self, reason: Reason, now: datetime) -> GiftReturned:
        """Return the event of its return."""
        return GiftReturned(
            gift_id=self.id,
            line_id=self.line_id,
            sender_id=self.sender_id,
            recipient_id=self.recipient_id,
            package_id=self.package_id,
            reason=reason,
            returned_at=now,
        )


def ends_at(sent_at: datetime, days: int | None) -> datetime:
    """Return when a gift ends that nobody takes."""
    return sent_at + timedelta(days=days or DAYS_DEFAULT)
