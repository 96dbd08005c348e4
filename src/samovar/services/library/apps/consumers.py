"""What tells the copy that it is behind: a page that has changed, an app that somebody has."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.catalog.contract.events import AppChanged
from samovar.services.library.apps.use_cases import AppCopies
from samovar.services.library.contract.events import LicenceGranted


@consumes(AppChanged)
async def note_changed_app(event: AppChanged, tx: Transaction, app_copies: AppCopies) -> None:
    """Note that an app reads otherwise."""
    await app_copies.note(tx, [event.app_id], event.version)


@consumes(LicenceGranted)
async def note_held_apps(event: LicenceGranted, tx: Transaction, app_copies: AppCopies) -> None:
    """Note apps of which catalog has told before anybody listened here."""
    await app_copies.note(tx, event.app_ids, 1)
