"""The events that go into the activity history."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.activity.journal import Journal
from samovar.services.auth.contract.events import (
    AccountHeld,
    CredentialChanged,
    RolesChanged,
    SessionRevoked,
    SessionStarted,
)


@consumes(SessionStarted)
async def note_session_started(event: SessionStarted, tx: Transaction, journal: Journal) -> None:
    """Note that somebody signed in."""
    await journal.note(
        tx,
        event.account_id,
        "session_started",
        params={
            "amr": list(event.amr),
            "is_known_device": event.is_known_device,
            "device_name": event.device_name,
            "address": event.address,
        },
        session_id=event.session_id,
        happened_at=event.started_at,
    )


@consumes(SessionRevoked)
async def note_session_revoked(event: SessionRevoked, tx: Transaction, journal: Journal) -> None:
    """Note that a session was ended."""
    await journal.note(
        tx,
        event.account_id,
        "session_revoked",
        params={"reason": event.reason},
        session_id=event.session_id,
        happened_at=event.revoked_at,
    )


@consumes(RolesChanged)
async def note_roles_changed(event: RolesChanged, tx: Transaction, journal: Journal) -> None:
    """Note that the account may do more or less than before; the operator's reason stays with the operators."""
    await journal.note(
        tx,
        event.account_id,
        "roles_changed",
        params={"roles": list(event.roles)},
        happened_at=event.changed_at,
    )


@consumes(CredentialChanged)
async def note_credential_changed(event: CredentialChanged, tx: Transaction, journal: Journal) -> None:
    """Note that the person proves otherwise than before who they are."""
    await journal.note(
        tx,
        event.account_id,
        "credential_changed",
        params={"credential": event.credential, "action": event.action, "name": event.name},
        session_id=event.session_id,
        happened_at=event.changed_at,
    )


@consumes(AccountHeld)
async def note_account_held(event: AccountHeld, tx: Transaction, journal: Journal) -> None:
    """Note that nothing of value leaves the account for a while."""
    await journal.note(
        tx,
        event.account_id,
        "account_held",
        params={"reason": event.reason, "held_until": event.held_until.isoformat()},
        happened_at=event.held_at,
    )
