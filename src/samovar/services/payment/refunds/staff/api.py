"""REST: what support does with refunds."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, get, post
from samovar.services.payment.errors import OrderNotFound
from samovar.services.payment.orders.errors import RefundTooLarge
from samovar.services.payment.refunds.errors import (
    DisputeUndecided,
    FundsTaken,
    NothingToRefund,
    OrderNotRefundable,
    RefundDecided,
    RefundNotFound,
)
from samovar.services.payment.refunds.schemas import Decision, StaffRefundView, StaffRefundWish
from samovar.services.payment.refunds.staff.use_cases import StaffRefunds

GRANT = "payment.refund.grant"
READ = "payment.refund.read"
BODY_BYTES_MAX = 16_384
WRITES = RateLimit(120, per_s=60, by="account")


@get("/v1/admin/payments/refunds", auth="staff", permissions=(READ,), raises=(InvalidInput,))
async def list_waiting_refunds(
    staff_refunds: StaffRefunds, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT
) -> Page[StaffRefundView]:
    """List the refunds that wait for a person, the oldest first: to be judged, or refused by the provider."""
    return await staff_refunds.list_waiting(cursor, limit)


@get(
    "/v1/admin/payments/refunds/{refund_id:uuid}",
    auth="staff",
    permissions=(READ,),
    raises=(RefundNotFound,),
)
async def show_refund_to_staff(refund_id: UUID, staff_refunds: StaffRefunds) -> StaffRefundView:
    """Show a refund, with who decided and why."""
    return await staff_refunds.show(refund_id)


@post(
    "/v1/admin/payments/orders/{order_id:uuid}/refunds",
    auth="staff",
    permissions=(GRANT,),
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, OrderNotFound, OrderNotRefundable, NothingToRefund, RefundTooLarge, FundsTaken),
)
async def grant_refund(
    order_id: UUID, data: StaffRefundWish, caller: Caller, once: Once, staff_refunds: StaffRefunds
) -> StaffRefundView:
    """Give lines of an order back beyond the rules, in whole or in part; a part leaves the player the game."""
    return await staff_refunds.grant(caller, order_id, data, once)


@post(
    "/v1/admin/payments/refunds/{refund_id:uuid}/approve",
    auth="staff",
    permissions=(GRANT,),
    status=200,
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, RefundNotFound, RefundDecided),
)
async def approve_refund(
    refund_id: UUID, data: Decision, caller: Caller, once: Once, staff_refunds: StaffRefunds
) -> StaffRefundView:
    """Let a refund begin that waited for a person."""
    return await staff_refunds.approve(caller, refund_id, data, once)


@post(
    "/v1/admin/payments/refunds/{refund_id:uuid}/reject",
    auth="staff",
    permissions=(GRANT,),
    status=200,
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, RefundNotFound, RefundDecided),
)
async def reject_refund(
    refund_id: UUID, data: Decision, caller: Caller, once: Once, staff_refunds: StaffRefunds
) -> StaffRefundView:
    """Refuse a refund that waited for a person."""
    return await staff_refunds.reject(caller, refund_id, data, once)


@post(
    "/v1/admin/payments/refunds/{refund_id:uuid}/retry",
    auth="staff",
    permissions=(GRANT,),
    status=200,
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, RefundNotFound, RefundDecided),
)
async def retry_refund(
    refund_id: UUID, data: Decision, caller: Caller, once: Once, staff_refunds: StaffRefunds
) -> StaffRefundView:
    """Ask the provider once more for what it refused."""
    return await staff_refunds.retry(caller, refund_id, data, once)


@post(
    "/v1/admin/payments/refunds/{refund_id:uuid}/to-wallet",
    auth="staff",
    permissions=(GRANT,),
    status=200,
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, RefundNotFound, RefundDecided, FundsTaken),
)
async def pay_refund_to_wallet(
    refund_id: UUID, data: Decision, caller: Caller, once: Once, staff_refunds: StaffRefunds
) -> StaffRefundView:
    """Put into the wallet what the provider refused."""
    return await staff_refunds.to_wallet(caller, refund_id, data, once)


@post(
    "/v1/admin/payments/refunds/{refund_id:uuid}/charged-back",
    auth="staff",
    permissions=(GRANT,),
    status=200,
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, RefundNotFound, RefundDecided, DisputeUndecided, FundsTaken),
)
async def count_refund_as_charged_back(
    refund_id: UUID, data: Decision, caller: Caller, once: Once, staff_refunds: StaffRefunds
) -> StaffRefundView:
    """Count what the provider refused as taken by the payer's bank itself."""
    return await staff_refunds.charged_back(caller, refund_id, data, once)
