"""What payment shows of chargebacks, and what is asked for."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import AMOUNT_MAX, Money
from samovar.services.payment.chargebacks.domain import (
    Chargeback,
    ChargebackReason,
    ChargebackStatus,
    Verdict,
)

# Something to read, and nothing that PostgreSQL cannot keep.
Note = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^\s*[^\s\x00][^\x00]*\Z")]


class ChargebackNotice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the provider told of a dispute.

    Attributes:
        payment_id: Of the payment; the number of the top-up, or of the order, does as long as one payment alone brought money for it.
        case_id: How the provider names it.
        amount: Minor units of the payment's currency.
    """

    payment_id: UUID
    case_id: Annotated[str, Meta(pattern=r"^[\x21-\x7e]{1,64}\Z")]
    amount: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    reason: ChargebackReason
    note: Note | None = None


class ChargebackVerdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a dispute ended."""

    verdict: Verdict
    note: Note


class ChargebackView(msgspec.Struct, frozen=True, kw_only=True):
    """A chargeback.

    Attributes:
        covered: How much of it was still there when it was opened.
        from_wallet: What of that came from the payer's wallet: a top-up, or money of the payment that had gone back there.
        refund_id: The refund that followed a loss.
    """

    id: UUID
    payment_id: UUID
    account_id: UUID
    provider: str
    case_id: str
    amount: Money
    covered: Money
    from_wallet: Money
    reason: ChargebackReason
    note: str | None
    status: ChargebackStatus
    refund_id: UUID | None
    actor_id: UUID | None
    decider_id: UUID | None
    opened_at: datetime
    decided_at: datetime | None

    @classmethod
    def of(cls, chargeback: Chargeback) -> "ChargebackView":
        """Return a chargeback as the staff sees it."""
        fields = msgspec.structs.asdict(chargeback)
        del fields["currency"]
        covered = Money(chargeback.covered, chargeback.currency)
        from_wallet = Money(chargeback.from_wallet, chargeback.currency)
        return cls(**fields | {"amount": chargeback.money, "covered": covered, "from_wallet": from_wallet})


class ChargebackKey(msgspec.Struct, frozen=True):
    """What the list is sorted by."""

    opened_at: datetime
    id: UUID
