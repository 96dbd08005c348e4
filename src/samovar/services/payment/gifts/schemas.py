"""The shapes of gifts."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

import msgspec

from samovar.services.payment.gifts.domain import Gift, GiftState, Reason

Box = Literal["received", "sent"]


class GiftView(msgspec.Struct, frozen=True, kw_only=True):
    """A gift, as those two see it whom it concerns.

    Attributes:
        names: By language.
        state: `sent`: it waits; `accepted`; or `returned`.
        reason: Why it was returned: `declined`, `expired`, or `withdrawn` with its order.
        expires_at: Until then it may be accepted.
    """

    id: UUID
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

    @classmethod
    def of(cls, gift: Gift) -> Self:
        """Return a gift as it is shown."""
        return cls(
            id=gift.id,
            sender_id=gift.sender_id,
            recipient_id=gift.recipient_id,
            package_id=gift.package_id,
            app_ids=gift.app_ids,
            names=gift.names,
            message=gift.message,
            state=gift.state,
            reason=gift.reason,
            sent_at=gift.sent_at,
            expires_at=gift.expires_at,
            resolved_at=gift.resolved_at,
        )
