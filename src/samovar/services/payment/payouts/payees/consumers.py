"""What payees hear: of developer, who an organisation is in law."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.developer.contract.events import OrganisationConfirmed
from samovar.services.payment.payouts.payees import keeping


@consumes(OrganisationConfirmed)
async def keep_confirmed_inn(event: OrganisationConfirmed, tx: Transaction) -> None:
    """Keep by which number an organisation is confirmed: its payee has that one, or is not paid."""
    await keeping.confirm(tx, event.organisation_id, event.inn, at=event.confirmed_at)
