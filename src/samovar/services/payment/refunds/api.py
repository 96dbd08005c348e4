"""REST: what a player gives back."""

from typing import Annotated
from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.parameters import header
from samovar.kit.routes import RateLimit, delete, get, post, put
from samovar.services.payment.errors import OrderNotFound
from samovar.services.payment.orders.errors import RefundTooLarge
from samovar.services.payment.refunds.errors import (
    ConsentNotYours,
    FactsAway,
    FundsTaken,
    NothingToRefund,
    NotRefundable,
    OrderNotRefundable,
    RefundNotFound,
)
from samovar.services.payment.refunds.schemas import (
    LineIds,
    RefundEligibility,
    RefundView,
    RefundWish,
)
from samovar.services.payment.refunds.use_cases import Refunds

AcceptLanguage = Annotated[str | None, header("Accept-Language")]
BODY_BYTES_MAX = 16_384
READS = RateLimit(120, per_s=60, by="account")
WRITES = RateLimit(20, per_s=60, by="account")


@get(
    "/v1/orders/{order_id:uuid}/refund-eligibility",
    auth="player",
    rate_limit=READS,
    raises=(InvalidInput, OrderNotFound, FactsAway),
)
async def show_refund_eligibility(
    order_id: UUID,
    caller: Caller,
    refunds: Refunds,
    lines: LineIds | None = None,
    accept_language: AcceptLanguage = None,
) -> RefundEligibility:
    """Say whether an order, or these lines of it, may be given back at once: every rule, met or not, with its numbers."""
    return await refunds.eligibility(caller, order_id, lines, language_of(accept_language))


@post(
    "/v1/orders/{order_id:uuid}/refunds",
    auth="player",
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        InvalidInput,
        OrderNotFound,
        NotRefundable,
        NothingToRefund,
        OrderNotRefundable,
        RefundTooLarge,
        FundsTaken,
        FactsAway,
    ),
)
async def ask_for_refund(
    order_id: UUID,
    data: RefundWish,
    caller: Caller,
    once: Once,
    refunds: Refunds,
    accept_language: AcceptLanguage = None,
) -> RefundView:
    """Give an order or lines of it back. Where the rules allow it, it begins at once; else 409 says which of them do not."""
    return await refunds.ask(caller, order_id, data, once, language_of(accept_language))


@get("/v1/refunds", auth="player", rate_limit=READS, raises=(InvalidInput,))
async def list_refunds(
    caller: Caller, refunds: Refunds, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT
) -> Page[RefundView]:
    """List one's refunds, the newest first."""
    return await refunds.list_refunds(caller, cursor, limit)


@get("/v1/refunds/{refund_id:uuid}", auth="player", rate_limit=READS, raises=(RefundNotFound,))
async def show_refund(refund_id: UUID, caller: Caller, refunds: Refunds) -> RefundView:
    """Return one refund: where its money is."""
    return await refunds.show(caller, refund_id)


@put(
    "/v1/refund-consents/{line_id:uuid}",
    auth="player",
    status=204,
    rate_limit=WRITES,
    raises=(OrderNotFound, ConsentNotYours),
)
async def give_refund_consent(line_id: UUID, caller: Caller, refunds: Refunds) -> None:
    """Let whoever gave one this game give it back: the money goes to them, the game goes."""
    await refunds.consent(caller, line_id)


@delete("/v1/refund-consents/{line_id:uuid}", auth="player", rate_limit=WRITES)
async def withdraw_refund_consent(line_id: UUID, caller: Caller, refunds: Refunds) -> None:
    """Take that consent back."""
    await refunds.withdraw_consent(caller, line_id)
