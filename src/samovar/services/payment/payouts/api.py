"""REST: payouts, for organisations and for finance."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, StepUp, get, post
from samovar.services.payment.payouts.domain import PayoutStatus
from samovar.services.payment.payouts.errors import (
    PayeeInnDiffers,
    PayeeNotFound,
    PayoutDecided,
    PayoutNotFound,
    ReceiptTaken,
    SecondPersonNeeded,
)
from samovar.services.payment.payouts.rights import READ_PAYOUTS, RUN_PAYOUTS
from samovar.services.payment.payouts.schemas import (
    Decline,
    Earnings,
    Month,
    NpdReceipt,
    PayoutView,
    Proposal,
    Proposed,
    StaffPayoutView,
)
from samovar.services.payment.payouts.use_cases import OwnPayouts, Payouts

FRESH = StepUp(max_age_s=600)
WRITES = RateLimit(120, per_s=3600, by="account")
RUNS = RateLimit(30, per_s=3600, by="account")
RUN_TIMEOUT_MS = 15_000


@get(
    "/v1/dev/payouts",
    auth="player",
    permissions=(READ_PAYOUTS,),
    raises=(PayeeNotFound, InvalidInput),
)
async def list_payouts(
    organisation_id: UUID,
    caller: Caller,
    own_payouts: OwnPayouts,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[PayoutView]:
    """List the payouts of an organisation, the newest first."""
    return await own_payouts.list_own(caller, organisation_id, cursor=cursor, limit=limit)


@get("/v1/dev/payouts/{payout_id:uuid}", auth="player", permissions=(READ_PAYOUTS,), raises=(PayoutNotFound,))
async def show_payout(payout_id: UUID, caller: Caller, own_payouts: OwnPayouts) -> PayoutView:
    """Show a payout, and why it waits."""
    return await own_payouts.show(caller, payout_id)


@post(
    "/v1/dev/payouts/{payout_id:uuid}/receipt",
    auth="player",
    permissions=(READ_PAYOUTS,),
    rate_limit=WRITES,
    idempotency_key=True,
    status=200,
    raises=(PayoutNotFound, ReceiptTaken),
)
async def give_npd_receipt(
    payout_id: UUID, data: NpdReceipt, caller: Caller, own_payouts: OwnPayouts, once: Once
) -> PayoutView:
    """Say which receipt of НПД was made for a payout; without one there is no next payout."""
    return await own_payouts.give_receipt(caller, payout_id, data.url, once)


@get("/v1/dev/earnings", auth="player", permissions=(READ_PAYOUTS,), raises=(PayeeNotFound, InvalidInput))
async def show_earnings(organisation_id: UUID, caller: Caller, own_payouts: OwnPayouts) -> list[Earnings]:
    """Show what an organisation has earned to date, and where that is."""
    return await own_payouts.earnings(caller, organisation_id)


@get("/v1/admin/payments/payouts", auth="staff", permissions=(RUN_PAYOUTS,), raises=(InvalidInput,))
async def list_all_payouts(
    payouts: Payouts,
    organisation_id: UUID | None = None,
    period: Month | None = None,
    status: Annotated[PayoutStatus, Meta(description="Where it stands.")] | None = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[StaffPayoutView]:
    """List payouts, the newest first."""
    return await payouts.list_all(
        organisation_id=organisation_id, period=period, status=status, cursor=cursor, limit=limit
    )


@get(
    "/v1/admin/payments/payouts/{payout_id:uuid}",
    auth="staff",
    permissions=(RUN_PAYOUTS,),
    raises=(PayoutNotFound,),
)
async def show_any_payout(payout_id: UUID, payouts: Payouts) -> StaffPayoutView:
    """Show a payout: by what it was made, who proposed and who approved it."""
    return await payouts.show(payout_id)


@post(
    "/v1/admin/payments/payouts",
    auth="staff",
    permissions=(RUN_PAYOUTS,),
    step_up=FRESH,
    rate_limit=RUNS,
    timeout_ms=RUN_TIMEOUT_MS,
    idempotency_key=True,
    raises=(InvalidInput,),
)
async def propose_payouts(data: Proposal, caller: Caller, payouts: Payouts, once: Once) -> Proposed:
    """Propose the payouts of a month that is over; their money is set aside."""
    return await payouts.propose(caller, data, once)


@post(
    "/v1/admin/payments/payouts/{payout_id:uuid}/approve",
    auth="staff",
    permissions=(RUN_PAYOUTS,),
    step_up=FRESH,
    rate_limit=WRITES,
    idempotency_key=True,
    status=200,
    raises=(PayoutNotFound, PayoutDecided, SecondPersonNeeded, PayeeInnDiffers),
)
async def approve_payout(payout_id: UUID, caller: Caller, payouts: Payouts, once: Once) -> StaffPayoutView:
    """Let a payout go that somebody else proposed."""
    return await payouts.approve(caller, payout_id, once)


@post(
    "/v1/admin/payments/payouts/{payout_id:uuid}/decline",
    auth="staff",
    permissions=(RUN_PAYOUTS,),
    step_up=FRESH,
    rate_limit=WRITES,
    idempotency_key=True,
    status=200,
    raises=(PayoutNotFound, PayoutDecided),
)
async def decline_payout(
    payout_id: UUID, data: Decline, caller: Caller, payouts: Payouts, once: Once
) -> StaffPayoutView:
    """Do not make a payout that has not gone; its money is owed as before."""
    return await payouts.decline(caller, payout_id, data.reason, once)
