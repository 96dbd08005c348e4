"""The events that make auth write to people: its own."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.auth.alerts.telling import Telling
from samovar.services.auth.contract.events import CredentialChanged, RecoveryCodeUsed, SignInRefused


@consumes(CredentialChanged)
async def tell_of_changed_credential(event: CredentialChanged, tx: Transaction, telling: Telling) -> None:
    """Tell the owner of a changed credential, whichever room changed it; a rollback they have just asked for."""
    if event.action != "rolled_back":
        await telling.tell_change(tx, event)


@consumes(RecoveryCodeUsed)
async def tell_of_used_recovery_code(event: RecoveryCodeUsed, tx: Transaction, telling: Telling) -> None:
    """Tell the owner that a recovery code stood in for the second factor."""
    await telling.tell_recovery_code(tx, event)


@consumes(SignInRefused)
async def tell_of_refused_sign_in(event: SignInRefused, tx: Transaction, telling: Telling) -> None:
    """Tell the owner that a device wanted in and something was wrong."""
    await telling.tell_refused(tx, event)
