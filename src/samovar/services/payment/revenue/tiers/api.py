"""REST: the shares of the platform, for finance."""

from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.routes import RateLimit, StepUp, get, post
from samovar.services.payment.revenue.tiers.schemas import NewTierTable, TierTableView
from samovar.services.payment.revenue.tiers.use_cases import Tiers

EDIT = "payment.tiers.edit"
FRESH = StepUp(max_age_s=600)


@get("/v1/admin/payments/tiers", auth="staff", permissions=(EDIT,))
async def list_tiers(tiers: Tiers) -> list[TierTableView]:
    """List every version of the shares that the platform takes, the newest first."""
    return await tiers.show()


@post(
    "/v1/admin/payments/tiers",
    auth="staff",
    permissions=(EDIT,),
    step_up=FRESH,
    rate_limit=RateLimit(20, per_s=3600, by="account"),
    idempotency_key=True,
    raises=(InvalidInput,),
)
async def add_tiers(data: NewTierTable, caller: Caller, tiers: Tiers, once: Once) -> TierTableView:
    """Add shares that hold from a moment to come; what was sold before keeps its own."""
    return await tiers.add(caller, data, once)
