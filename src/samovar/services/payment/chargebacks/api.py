"""REST: finance writes down what banks take back, and how it ends."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, get, post
from samovar.services.payment.chargebacks.domain import ChargebackStatus
from samovar.services.payment.chargebacks.errors import (
    ChargebackDecided,
    ChargebackKnown,
    ChargebackNotFound,
    NothingCaptured,
)
from samovar.services.payment.chargebacks.schemas import (
    ChargebackNotice,
    ChargebackVerdict,
    ChargebackView,
)
from samovar.services.payment.chargebacks.use_cases import Chargebacks
from samovar.services.payment.payments.errors import MoneyGoesBack

DECIDE = "payment.chargeback.decide"
READ = "payment.chargeback.read"
BODY_BYTES_MAX = 8_192
WRITES = RateLimit(60, per_s=60, by="account")


@post(
    "/v1/admin/payments/chargebacks",
    auth="staff",
    permissions=(DECIDE,),
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, NothingCaptured, ChargebackKnown, MoneyGoesBack),
)
async def open_chargeback(
    data: ChargebackNotice, caller: Caller, once: Once, chargebacks: Chargebacks
) -> ChargebackView:
    """Write down a dispute that the provider told of. From now on its money cannot be refunded besides."""
    return await chargebacks.open(caller, data, once)


@post(
    "/v1/admin/payments/chargebacks/{chargeback_id:uuid}/decide",
    auth="staff",
    permissions=(DECIDE,),
    status=200,
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, ChargebackNotFound, ChargebackDecided, NothingCaptured),
)
async def decide_chargeback(
    chargeback_id: UUID, data: ChargebackVerdict, caller: Caller, once: Once, chargebacks: Chargebacks
) -> ChargebackView:
    """Write down how a dispute ended: `won` gives the money back, `lost` takes the licences and the shares of the sale."""
    return await chargebacks.decide(caller, chargeback_id, data, once)


@get("/v1/admin/payments/chargebacks", auth="staff", permissions=(READ,), raises=(InvalidInput,))
async def list_chargebacks(
    chargebacks: Chargebacks,
    status: ChargebackStatus | None = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[ChargebackView]:
    """List disputes, the newest first."""
    return await chargebacks.list_chargebacks(status, cursor, limit)


@get(
    "/v1/admin/payments/chargebacks/{chargeback_id:uuid}",
    auth="staff",
    permissions=(READ,),
    raises=(ChargebackNotFound,),
)
async def show_chargeback(chargeback_id: UUID, chargebacks: Chargebacks) -> ChargebackView:
    """Show one dispute."""
    return await chargebacks.show(chargeback_id)
