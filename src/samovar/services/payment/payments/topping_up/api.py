"""REST: top-ups of the wallet."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, get, post
from samovar.services.payment.children.errors import ChildLimitsAway, TopUpNotAllowed
from samovar.services.payment.errors import NoProvider
from samovar.services.payment.payments.topping_up.errors import (
    TooManyTopUps,
    TopUpLimitReached,
    TopUpNotFound,
    TopUpNotOpen,
    TopUpNotRefundable,
)
from samovar.services.payment.payments.topping_up.schemas import NewTopUp, TopUpPage, TopUpView
from samovar.services.payment.payments.topping_up.use_cases import TopUps

BODY_BYTES_MAX = 8_192
# A provider may take its time.
TIMEOUT_MS = 20_000
# Of tries, refused ones included; how many may be begun the use case counts.
STARTS = RateLimit(120, per_s=3_600, by="account", where="cluster")
CHANGES = RateLimit(30, per_s=600, by="account")


@post(
    "/v1/wallet/topups",
    auth="player",
    idempotency_key=True,
    rate_limit=STARTS,
    body_bytes_max=BODY_BYTES_MAX,
    timeout_ms=TIMEOUT_MS,
    raises=(
        InvalidInput,
        TopUpNotAllowed,
        ChildLimitsAway,
        NoProvider,
        TopUpLimitReached,
        TooManyTopUps,
    ),
)
async def start_top_up(data: NewTopUp, caller: Caller, once: Once, top_ups: TopUps) -> TopUpView:
    """Pay into one's wallet: an advance for what one buys here later.

    The answer says how to confirm it: `redirect` leads to a page of the provider, `qr` is for the app of a bank. The money is in the wallet as
    soon as the provider has it; should the provider not answer now, `confirmation` is `none` for a while: ask for the top-up again.
    A child of a family pays in where its limits let it buy freely.
    """
    return await top_ups.start(caller, data, once)


@get("/v1/wallet/topups", auth="player", raises=(InvalidInput,))
async def list_top_ups(
    caller: Caller, top_ups: TopUps, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT
) -> Page[TopUpView]:
    """List one's top-ups, the newest first."""
    return await top_ups.own(caller, cursor=cursor, limit=limit)


@get("/v1/wallet/topups/{top_up_id:uuid}", auth="player", raises=(TopUpNotFound,))
async def show_top_up(top_up_id: UUID, caller: Caller, top_ups: TopUps) -> TopUpPage:
    """Show one of one's top-ups."""
    return await top_ups.show(caller, top_up_id)


@post(
    "/v1/wallet/topups/{top_up_id:uuid}/cancel",
    auth="player",
    idempotency_key=True,
    rate_limit=CHANGES,
    status=200,
    raises=(TopUpNotFound, TopUpNotOpen),
)
async def cancel_top_up(top_up_id: UUID, caller: Caller, once: Once, top_ups: TopUps) -> TopUpView:
    """Let go of a top-up that is not paid yet. Should its money come all the same, it goes back by itself."""
    return await top_ups.cancel(caller, top_up_id, once)


@post(
    "/v1/wallet/topups/{top_up_id:uuid}/refunds",
    auth="player",
    idempotency_key=True,
    rate_limit=CHANGES,
    raises=(TopUpNotFound, TopUpNotRefundable),
)
async def refund_top_up(top_up_id: UUID, caller: Caller, once: Once, top_ups: TopUps) -> TopUpView:
    """Send a top-up back to where it came from: within 14 days, while all of it is in the wallet. Older money counts as spent first."""
    return await top_ups.refund(caller, top_up_id, once)
