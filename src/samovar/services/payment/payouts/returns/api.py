"""REST: payouts that the bank has sent back, for finance."""

from uuid import UUID

from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.routes import RateLimit, StepUp, post
from samovar.services.payment.payouts.errors import PayoutDecided, PayoutNotFound, SecondPersonNeeded
from samovar.services.payment.payouts.returns.use_cases import PayoutReturns
from samovar.services.payment.payouts.rights import RUN_PAYOUTS
from samovar.services.payment.payouts.schemas import ReturnReport, StaffPayoutView

FRESH = StepUp(max_age_s=600)
WRITES = RateLimit(120, per_s=3600, by="account")


@post(
    "/v1/admin/payments/payouts/{payout_id:uuid}/return",
    auth="staff",
    permissions=(RUN_PAYOUTS,),
    step_up=FRESH,
    rate_limit=WRITES,
    idempotency_key=True,
    status=200,
    raises=(PayoutNotFound, PayoutDecided),
)
async def report_payout_return(
    payout_id: UUID, data: ReturnReport, caller: Caller, payout_returns: PayoutReturns, once: Once
) -> StaffPayoutView:
    """Say that the bank has sent the money of an executed payout back; another person confirms it."""
    return await payout_returns.report(caller, payout_id, data.reason, once)


@post(
    "/v1/admin/payments/payouts/{payout_id:uuid}/return/confirm",
    auth="staff",
    permissions=(RUN_PAYOUTS,),
    step_up=FRESH,
    rate_limit=WRITES,
    idempotency_key=True,
    status=200,
    raises=(PayoutNotFound, PayoutDecided, SecondPersonNeeded),
)
async def confirm_payout_return(
    payout_id: UUID, caller: Caller, payout_returns: PayoutReturns, once: Once
) -> StaffPayoutView:
    """Confirm that the money is back: it is owed as before, and the month may be proposed again."""
    return await payout_returns.confirm(caller, payout_id, once)
