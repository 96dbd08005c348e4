"""What is heard for developers: decisions about their games, and their money."""

from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.events import Delivery, consumes
from samovar.services.developer.contract.events import OrganisationConfirmed, SubmissionDecided
from samovar.services.notification.domain import Story
from samovar.services.notification.telling import repository
from samovar.services.notification.telling.facts import money
from samovar.services.notification.telling.teller import RECIPIENTS_MAX, Teller
from samovar.services.payment.contract.payouts_events import (
    PayeeChanged,
    PayoutExecuted,
    PayoutRejected,
    PayoutReturned,
)

OWNERS = ("owner",)
TREASURY = ("owner", "finance")
_DECISIONS = {
    "approved": "submission_approved",
    "changes_requested": "submission_returned",
    "refused": "submission_refused",
}


@consumes(SubmissionDecided)
async def tell_submission_decided(event: SubmissionDecided, tx: Transaction, teller: Teller) -> None:
    """Tell who had submitted a game what the moderator says."""
    kind = _DECISIONS.get(event.state)
    if kind is None:
        return
    story = Story(
        kind=kind,
        topic="submission",
        cause=event.submission_id,
        app_id=event.app_id,
        organisation_id=event.organisation_id,
        facts={"reason": event.reason},
        happened_at=event.decided_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(OrganisationConfirmed)
async def tell_organisation_confirmed(event: OrganisationConfirmed, tx: Transaction, teller: Teller) -> None:
    """Tell the owners that their organisation is what it claims to be."""
    story = Story(
        kind="organisation_confirmed",
        topic="organisation",
        cause=event.organisation_id,
        organisation_id=event.organisation_id,
        happened_at=event.confirmed_at,
    )
    await _tell_seats(tx, teller, event.organisation_id, OWNERS, story)


@consumes(PayeeChanged)
async def tell_payee_changed(
    event: PayeeChanged, delivery: Delivery, tx: Transaction, teller: Teller
) -> None:
    """Tell the owners where their money goes from now on: it may be a theft."""
    until = event.waits_until.isoformat() if event.waits_until else None
    story = Story(
        kind="payee_changed",
        topic="payee",
        cause=delivery.id,
        organisation_id=event.organisation_id,
        facts={"until": until} if until else {},
        happened_at=event.changed_at,
    )
    await _tell_seats(tx, teller, event.organisation_id, OWNERS, story)


@consumes(PayoutExecuted)
async def tell_payout_executed(event: PayoutExecuted, tx: Transaction, teller: Teller) -> None:
    """Tell that the bank has sent the money."""
    story = Story(
        kind="payout_executed",
        topic="payout",
        cause=event.payout_id,
        organisation_id=event.organisation_id,
        facts={"amount": money(event.amount)},
        happened_at=event.executed_at,
    )
    await _tell_seats(tx, teller, event.organisation_id, TREASURY, story)


@consumes(PayoutRejected)
async def tell_payout_rejected(event: PayoutRejected, tx: Transaction, teller: Teller) -> None:
    """Tell that the bank did not send the money."""
    story = Story(
        kind="payout_rejected",
        topic="payout",
        cause=event.payout_id,
        organisation_id=event.organisation_id,
        facts={"amount": money(event.amount), "reason": event.failure},
        happened_at=event.rejected_at,
    )
    await _tell_seats(tx, teller, event.organisation_id, TREASURY, story)


@consumes(PayoutReturned)
async def tell_payout_returned(event: PayoutReturned, tx: Transaction, teller: Teller) -> None:
    """Tell, in place of the payout, that the money came back."""
    story = Story(
        kind="payout_returned",
        topic="payout",
        cause=event.payout_id,
        stage=2,
        organisation_id=event.organisation_id,
        facts={"amount": money(event.amount), "reason": event.reason},
        happened_at=event.returned_at,
    )
    await _tell_seats(tx, teller, event.organisation_id, TREASURY, story)


async def _tell_seats(
    tx: Transaction, teller: Teller, organisation_id: UUID, levels: tuple[str, ...], story: Story
) -> None:
    await teller.tell(tx, await repository.list_seats(tx, organisation_id, levels, RECIPIENTS_MAX), story)
