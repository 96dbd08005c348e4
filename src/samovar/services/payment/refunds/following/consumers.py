"""What refunds hear: library took a licence back."""

from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.library.contract.events import LicenceRevoked
from samovar.services.payment.refunds.following.use_cases import Following
from samovar.services.payment.refunds.judging.adapters import SOURCE


@consumes(LicenceRevoked)
async def pay_for_returned_licence(
    event: LicenceRevoked, tx: Transaction, refund_following: Following
) -> None:
    """Let the money follow the licence."""
    if event.source == SOURCE and event.source_id:
        await refund_following.licence_ended(tx, UUID(event.source_id))
