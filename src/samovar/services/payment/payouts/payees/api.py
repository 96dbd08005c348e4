"""REST: who is paid, for organisations and for finance."""

from uuid import UUID

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, StepUp, get, post, put
from samovar.services.payment.payouts.errors import PayeeNotFound
from samovar.services.payment.payouts.payees.schemas import Freeze, Payee, PayeeDetails, PayeeVersion
from samovar.services.payment.payouts.payees.use_cases import Payees
from samovar.services.payment.payouts.rights import EDIT_PAYEES, RUN_PAYOUTS

FRESH = StepUp(max_age_s=600)
WRITES = RateLimit(20, per_s=3600, by="account")


@get(
    "/v1/dev/payees/{organisation_id:uuid}",
    auth="player",
    permissions=(EDIT_PAYEES,),
    step_up=FRESH,
    etag=True,
    raises=(PayeeNotFound,),
)
async def show_payee(organisation_id: UUID, caller: Caller, payees: Payees) -> Payee:
    """Show to whom and where an organisation is paid."""
    return await payees.show(caller, organisation_id)


@put(
    "/v1/dev/payees/{organisation_id:uuid}",
    auth="player",
    permissions=(EDIT_PAYEES,),
    step_up=FRESH,
    rate_limit=WRITES,
    etag=True,
    raises=(InvalidInput, PayeeNotFound, PreconditionFailed),
)
async def change_payee(
    organisation_id: UUID, data: PayeeDetails, caller: Caller, payees: Payees, if_match: IfMatch = None
) -> Payee:
    """Say to whom and where an organisation is paid. To new bank details nothing goes for a few days."""
    return await payees.change(caller, organisation_id, data, if_match=if_match)


@get(
    "/v1/dev/payees/{organisation_id:uuid}/history",
    auth="player",
    permissions=(EDIT_PAYEES,),
    step_up=FRESH,
    raises=(PayeeNotFound, InvalidInput),
)
async def show_payee_history(
    organisation_id: UUID,
    caller: Caller,
    payees: Payees,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[PayeeVersion]:
    """Show what it was before, who changed it and why, the newest first."""
    return await payees.history(caller, organisation_id, cursor=cursor, limit=limit)


@post(
    "/v1/admin/payments/payees/{organisation_id:uuid}/freeze",
    auth="staff",
    permissions=(RUN_PAYOUTS,),
    step_up=FRESH,
    rate_limit=WRITES,
    idempotency_key=True,
    status=200,
    raises=(PayeeNotFound,),
)
async def freeze_payee(
    organisation_id: UUID, data: Freeze, caller: Caller, payees: Payees, once: Once
) -> Payee:
    """Pay nothing out to an organisation until it is thawed."""
    return await payees.freeze(caller, organisation_id, data.reason, once)


@post(
    "/v1/admin/payments/payees/{organisation_id:uuid}/thaw",
    auth="staff",
    permissions=(RUN_PAYOUTS,),
    step_up=FRESH,
    rate_limit=WRITES,
    idempotency_key=True,
    status=200,
    raises=(PayeeNotFound,),
)
async def thaw_payee(
    organisation_id: UUID, data: Freeze, caller: Caller, payees: Payees, once: Once
) -> Payee:
    """Let an organisation be paid again."""
    return await payees.thaw(caller, organisation_id, data.reason, once)
