"""What is heard of sign-ins and of what proves who somebody is. Nobody mutes these."""

from samovar.kit.database import Transaction
from samovar.kit.events import Delivery, consumes
from samovar.services.auth.contract.events import (
    AccountHeld,
    CredentialChanged,
    RecoveryCodeUsed,
    SessionStarted,
    SignInRefused,
)
from samovar.services.notification.domain import Story
from samovar.services.notification.telling.teller import Teller


@consumes(SessionStarted)
async def tell_signed_in(event: SessionStarted, tx: Transaction, teller: Teller) -> None:
    """Tell of a sign-in on a device that is new, or that looked unlike the owner."""
    if event.is_first or (event.is_known_device and not event.risk):
        return
    story = Story(
        kind="signed_in",
        topic="session",
        cause=event.session_id,
        facts={"device": event.device_name, "address": event.address},
        happened_at=event.started_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(CredentialChanged)
async def tell_credential_changed(
    event: CredentialChanged, delivery: Delivery, tx: Transaction, teller: Teller
) -> None:
    """Tell that the person proves otherwise than before who they are."""
    story = Story(
        kind="credential_changed",
        topic="credential",
        cause=delivery.id,
        facts={"credential": event.credential, "action": event.action, "name": event.name},
        happened_at=event.changed_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(RecoveryCodeUsed)
async def tell_recovery_code_used(
    event: RecoveryCodeUsed, delivery: Delivery, tx: Transaction, teller: Teller
) -> None:
    """Tell that a recovery code was used up."""
    story = Story(
        kind="recovery_code_used",
        topic="recovery_code",
        cause=delivery.id,
        facts={"left": event.codes_left},
        happened_at=event.used_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(SignInRefused)
async def tell_sign_in_refused(
    event: SignInRefused, delivery: Delivery, tx: Transaction, teller: Teller
) -> None:
    """Tell that somebody may be deceiving the owner."""
    story = Story(
        kind="sign_in_refused",
        topic="refused_sign_in",
        cause=delivery.id,
        facts={"device": event.device_name, "address": event.address},
        happened_at=event.refused_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(AccountHeld)
async def tell_account_held(event: AccountHeld, delivery: Delivery, tx: Transaction, teller: Teller) -> None:
    """Tell until when nothing of value leaves the account; of the early end of a hold nothing is told."""
    if event.held_until <= event.held_at:
        return
    story = Story(
        kind="account_held",
        topic="hold",
        cause=delivery.id,
        facts={"until": event.held_until.isoformat()},
        happened_at=event.held_at,
    )
    await teller.tell(tx, [event.account_id], story)
