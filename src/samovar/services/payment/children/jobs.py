"""What is done with approvals by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.children.use_cases import AT_ONCE_MAX, Approvals

BATCHES_MAX = 50


@every(3_600)
async def forget_approvals(purchase_approvals: Approvals) -> None:
    """Forget approvals that expired long ago."""
    for _ in range(BATCHES_MAX):
        if await purchase_approvals.forget() < AT_ONCE_MAX:
            return
