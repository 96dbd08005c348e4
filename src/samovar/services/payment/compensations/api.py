"""REST: support gives money; a second person of finance approves what is large."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, get, post
from samovar.services.payment.asking.errors import AccountAway
from samovar.services.payment.compensations.domain import CompensationStatus
from samovar.services.payment.compensations.errors import (
    ApprovalLimitReached,
    CompensationDecided,
    CompensationExpired,
    CompensationNotFound,
    ContentDiffers,
    OwnCompensation,
    OwnProposal,
)
from samovar.services.payment.compensations.schemas import (
    Approval,
    CompensationView,
    CompensationWish,
    Rejection,
)
from samovar.services.payment.compensations.use_cases import Compensations

GIVE = "payment.compensation.give"
APPROVE = "payment.compensation.approve"
READ = "payment.compensation.read"
BODY_BYTES_MAX = 8_192
WRITES = RateLimit(60, per_s=60, by="account")


@post(
    "/v1/admin/payments/compensations",
    auth="staff",
    permissions=(GIVE,),
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, OwnCompensation, AccountAway),
)
async def give_compensation(
    data: CompensationWish, caller: Caller, once: Once, compensations: Compensations
) -> CompensationView:
    """Give somebody money. Beyond what one person may give, at once or on a day, it waits for a second one: `proposed`."""
    return await compensations.give(caller, data, once)


@post(
    "/v1/admin/payments/compensations/{compensation_id:uuid}/approve",
    auth="staff",
    permissions=(APPROVE,),
    status=200,
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        InvalidInput,
        CompensationNotFound,
        OwnProposal,
        OwnCompensation,
        CompensationDecided,
        CompensationExpired,
        ContentDiffers,
        ApprovalLimitReached,
    ),
)
async def approve_compensation(
    compensation_id: UUID, data: Approval, caller: Caller, once: Once, compensations: Compensations
) -> CompensationView:
    """Give what another person proposed, exactly as it was shown."""
    return await compensations.approve(caller, compensation_id, data, once)


@post(
    "/v1/admin/payments/compensations/{compensation_id:uuid}/reject",
    auth="staff",
    permissions=(APPROVE,),
    status=200,
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        InvalidInput,
        CompensationNotFound,
        OwnProposal,
        OwnCompensation,
        CompensationDecided,
        CompensationExpired,
    ),
)
async def reject_compensation(
    compensation_id: UUID, data: Rejection, caller: Caller, once: Once, compensations: Compensations
) -> CompensationView:
    """Refuse what another person proposed."""
    return await compensations.reject(caller, compensation_id, data, once)


@get("/v1/admin/payments/compensations", auth="staff", permissions=(READ,), raises=(InvalidInput,))
async def list_compensations(
    compensations: Compensations,
    status: CompensationStatus | None = None,
    account_id: UUID | None = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[CompensationView]:
    """List compensations, the newest first: who gave what to whom, and why."""
    return await compensations.list_compensations(status, account_id, cursor, limit)


@get(
    "/v1/admin/payments/compensations/{compensation_id:uuid}",
    auth="staff",
    permissions=(READ,),
    raises=(CompensationNotFound,),
)
async def show_compensation(compensation_id: UUID, compensations: Compensations) -> CompensationView:
    """Show one compensation, with the hash that an approval names."""
    return await compensations.show(compensation_id)
