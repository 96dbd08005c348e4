"""What a compensation is. Pure."""

import hashlib
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.money import Money
from samovar.services.payment.contract.compensations_events import CompensationGiven

CompensationKind = Literal["wallet", "bonus"]
CompensationStatus = Literal["proposed", "given", "rejected", "expired"]
CompensationReason = Literal[
    "platform_fault", "lost_content", "wrong_price", "late_delivery", "withdrawn_game", "event_prize", "goodwill"
]  # fmt: skip
# The limits are in it.
CURRENCY = "RUB"


class Compensation(msgspec.Struct, frozen=True, kw_only=True):
    """A compensation as it is kept; see the table `compensations`."""

    id: UUID
    account_id: UUID
    kind: CompensationKind
    amount: int
    currency: str
    reason: CompensationReason
    note: str | None
    line_id: UUID | None
    content_hash: str
    status: CompensationStatus
    proposer_id: UUID
    proposed_at: datetime
    expires_at: datetime | None
    decider_id: UUID | None = None
    decided_at: datetime | None = None
    decision: str | None = None

    @property
    def money(self) -> Money:
        """Return what is given."""
        return Money(self.amount, self.currency)

    def given(self, now: datetime) -> CompensationGiven:
        """Return the event of its giving."""
        return CompensationGiven(
            compensation_id=self.id,
            account_id=self.account_id,
            kind=self.kind,
            amount=self.money,
            reason=self.reason,
            line_id=self.line_id,
            given_at=now,
        )


def hash_of(compensation: Compensation) -> str:
    """Return what an approval is bound to: who gets what, of which kind, why, and by whose proposal; 64 hex digits."""
    contents = [
        str(compensation.id),
        str(compensation.account_id),
        compensation.kind,
        compensation.amount,
        compensation.currency,
        compensation.reason,
        compensation.note,
        str(compensation.line_id or ""),
        str(compensation.proposer_id),
    ]
    return hashlib.sha256(msgspec.json.encode(contents)).hexdigest()
