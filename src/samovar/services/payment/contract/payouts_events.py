"""The events of payouts. Additive change only: an old sample must decode for ever."""

from datetime import date, datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event
from samovar.kit.money import Money


class PayeeChanged(Event, frozen=True, kw_only=True, subject="payment.v1.payee_changed"):
    """To whom or where an organisation is paid has changed; its owners hear of it.

    Attributes:
        is_new_bank: The bank or the account is another one.
        is_frozen: Nothing is paid out.
        waits_until: Until then nothing is paid out to the new bank details.
    """

    organisation_id: UUID
    actor_id: UUID
    is_new_bank: bool
    is_frozen: bool
    waits_until: datetime | None
    changed_at: datetime
    version: int

    def aggregate(self) -> Aggregate:
        """Return the payee."""
        return Aggregate(str(self.organisation_id), self.version)


class PayoutExecuted(Event, frozen=True, kw_only=True, subject="payment.v1.payout_executed"):
    """The bank has sent an organisation its money.

    Attributes:
        period: The first day of the month.
        needs_npd_receipt: Whoever got it owes a receipt of НПД, and gets no other payout before that.
    """

    payout_id: UUID
    organisation_id: UUID
    period: date
    amount: Money
    needs_npd_receipt: bool
    executed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the payout."""
        return Aggregate(str(self.payout_id), 1)


class PayoutRejected(Event, frozen=True, kw_only=True, subject="payment.v1.payout_rejected"):
    """The bank did not send an organisation its money; it is owed to them as before.

    Attributes:
        failure: What the bank said.
    """

    payout_id: UUID
    organisation_id: UUID
    period: date
    amount: Money
    failure: str
    rejected_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the payout."""
        return Aggregate(str(self.payout_id), 1)


class PayoutReturned(Event, frozen=True, kw_only=True, subject="payment.v1.payout_returned"):
    """The bank has sent back what it had sent an organisation; it is owed to them as before.

    Attributes:
        reason: What finance says of it.
    """

    payout_id: UUID
    organisation_id: UUID
    period: date
    amount: Money
    reason: str
    returned_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the payout, which was executed before."""
        return Aggregate(str(self.payout_id), 2)


PAYOUT_EVENTS = (PayeeChanged, PayoutExecuted, PayoutRejected, PayoutReturned)
