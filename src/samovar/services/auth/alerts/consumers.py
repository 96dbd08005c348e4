"""The events that make auth write to people: its own."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.auth.alerts.use_cases import Alerts
from samovar.services.auth.contract.events import CredentialChanged, SessionStarted, SignInRefused


@consumes(SessionStarted)
async def tell_of_new_device(event: SessionStarted, tx: Transaction, alerts: Alerts) -> None:
    """Tell the owner of a sign-in on a device that was not seen before, the one of the registration aside."""
    if not event.is_known_device and not event.is_first:
        await alerts.tell_new_device(tx, event)


@consumes(CredentialChanged)
async def tell_of_changed_credential(event: CredentialChanged, tx: Transaction, alerts: Alerts) -> None:
    """Tell the owner of a changed credential; that it was rolled back they have just asked for."""
    if event.action != "rolled_back":
        await alerts.tell_change(tx, event)


@consumes(SignInRefused)
async def tell_of_refused_sign_in(event: SignInRefused, tx: Transaction, alerts: Alerts) -> None:
    """Tell the owner that a device wanted in and something was wrong."""
    await alerts.tell_refused(tx, event)
