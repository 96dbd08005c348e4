"""What fulfilment hears: of library, that licences were given or are over; of catalog, that games came out."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.catalog.contract.events import AppChanged
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.services.payment.orders.fulfilment.domain import line_of
from samovar.services.payment.orders.fulfilment.use_cases import Fulfilment


@consumes(LicenceGranted)
async def note_licence(event: LicenceGranted, tx: Transaction, fulfilment: Fulfilment) -> None:
    """Deliver the line that a licence was given for."""
    if line_id := line_of(event.source, event.source_id):
        await fulfilment.note_licence(tx, line_id, event.licence_id)


@consumes(LicenceRevoked)
async def note_end_of_licence(event: LicenceRevoked, tx: Transaction, fulfilment: Fulfilment) -> None:
    """Let the package be bought again."""
    if line_id := line_of(event.source, event.source_id):
        await fulfilment.note_end(tx, line_id)


@consumes(AppChanged)
async def note_release(event: AppChanged, tx: Transaction, fulfilment: Fulfilment) -> None:
    """Have what was bought before the release delivered."""
    if event.stage != "coming_soon" and event.state == "published":
        await fulfilment.note_release(tx, event.app_id)
