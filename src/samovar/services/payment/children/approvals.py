"""Using up what adults have approved. A function that takes the transaction first."""

from collections.abc import Sequence
from datetime import datetime

from samovar.kit.database import Transaction
from samovar.services.payment.children import domain, repository
from samovar.services.payment.children.domain import Allowance
from samovar.services.payment.children.errors import PurchaseNeedsApproval, PurchasesNotAllowed
from samovar.services.payment.domain import Order, OrderLine


async def use(
    tx: Transaction, allowance: Allowance, order: Order, lines: Sequence[OrderLine], *, now: datetime
) -> None:
    """Let an order through that is in the database already: of a child whose adults decide, each line uses up one approval.

    Whatever runs at one moment, an approval lets one order through; it is free again where that one ends unpaid.

    Raises:
        PurchasesNotAllowed: Something in it is a gift, or nothing may be bought.
        PurchaseNeedsApproval: Nobody has approved something in it, or it was used, has expired, or is another family's.
    """
    if allowance.purchases == "free":
        return
    if allowance.family_id is None or allowance.purchases == "never":
        raise PurchasesNotAllowed(f"{order.account_id}")
    if gifts := domain.faults_of_gifts(lines):
        raise PurchasesNotAllowed("gifts of a child", fields=gifts)
    approvals = await repository.lock_valid(
        tx,
        family_id=allowance.family_id,
        account_id=order.account_id,
        package_ids={line.package_id for line in lines},
        now=now,
    )
    # Read after the lock, so that an order that took the same approval a moment ago is seen.
    alive = await repository.alive(tx, {one.order_id for one in approvals if one.order_id})
    used, faults = domain.match(lines, approvals, alive)
    if faults:
        raise PurchaseNeedsApproval(", ".join(fault.field for fault in faults), fields=faults)
    await repository.mark_used(tx, [one.request_id for one in used.values()], order.id)
