"""The events that go into the activity history."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.activity.journal import Journal
from samovar.services.auth.contract.events import RolesChanged, SessionRevoked, SessionStarted


@consumes(SessionStarted)
async def note_session_started(event: SessionStarted, tx: Transaction, journal: Journal) -> None:
    """Note that somebody signed in."""
    await journal.note(
        tx,
        event.account_id,
        "session_started",
        params={"amr": list(event.amr), "is_known_device": event.is_known_device},
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
