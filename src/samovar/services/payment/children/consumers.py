"""What account tells of what adults approve."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.contract.family_events import PurchaseRequestApproved
from samovar.services.payment.children.use_cases import Approvals


@consumes(PurchaseRequestApproved)
async def keep_approval(
    event: PurchaseRequestApproved, tx: Transaction, purchase_approvals: Approvals
) -> None:
    """Let the child buy what an adult has approved, once."""
    await purchase_approvals.keep(
        tx,
        event.request_id,
        family_id=event.family_id,
        account_id=event.account_id,
        payer_id=event.payer_id,
        package_id=event.package_id,
        approved_at=event.approved_at,
    )
