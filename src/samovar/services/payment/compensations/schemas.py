"""What payment shows of compensations, and what is asked for."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import AMOUNT_MAX, Money
from samovar.services.payment.compensations.domain import (
    Compensation,
    CompensationKind,
    CompensationReason,
    CompensationStatus,
)

# Something to read, and nothing that PostgreSQL cannot keep.
Note = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^\s*[^\s\x00][^\x00]*\Z")]


class CompensationWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody is to get.

    Attributes:
        kind: `wallet`: money that may be refunded; `bonus`: it buys, and is never paid out.
        amount: Kopecks.
        line_id: For which line of an order of theirs.
    """

    account_id: UUID
    kind: CompensationKind
    amount: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    reason: CompensationReason
    note: Note
    line_id: UUID | None = None


class Approval(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A second person's yes.

    Attributes:
        content_hash: As it was shown: the yes is to that, and to nothing else.
    """

    content_hash: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    note: Note


class Rejection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A second person's no."""

    note: Note


class CompensationView(msgspec.Struct, frozen=True, kw_only=True):
    """A compensation.

    Attributes:
        status: `proposed` waits for a second person, until `expires_at`.
        content_hash: What an approval names.
        decision: Why the second person decided so.
    """

    id: UUID
    account_id: UUID
    kind: CompensationKind
    amount: Money
    reason: CompensationReason
    note: str | None
    line_id: UUID | None
    content_hash: str
    status: CompensationStatus
    proposer_id: UUID
    proposed_at: datetime
    expires_at: datetime | None
    decider_id: UUID | None
    decided_at: datetime | None
    decision: str | None

    @classmethod
    def of(cls, compensation: Compensation) -> "CompensationView":
        """Return a compensation as the staff sees it."""
        fields = msgspec.structs.asdict(compensation)
        del fields["currency"]
        return cls(**fields | {"amount": compensation.money})


class CompensationKey(msgspec.Struct, frozen=True):
    """What the list is sorted by."""

    proposed_at: datetime
    id: UUID
