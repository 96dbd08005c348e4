"""REST, for staff: money that waits for a person."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, get, post
from samovar.services.payment.payments.stuck.errors import (
    OwnStuckMoney,
    OwnStuckProposal,
    StuckMoneyDisputed,
    StuckMoneyMoves,
    StuckMoneyNotFound,
)
from samovar.services.payment.payments.stuck.schemas import Resolution, Resolved, StuckMoney
from samovar.services.payment.payments.stuck.use_cases import StuckMonies

READ = "payment.stuck_money.read"
RESOLVE = "payment.stuck_money.resolve"
BODY_BYTES_MAX = 8_192
WRITES = RateLimit(60, per_s=60, by="account")


@get("/v1/admin/payments/stuck-money", auth="staff", permissions=(READ,), raises=(InvalidInput,))
async def list_stuck_money(
    stuck_money: StuckMonies, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT
) -> Page[StuckMoney]:
    """List money that waits for a person, the longest first: late money and refunds that providers refuse or say nothing of, receipts that no register takes."""
    return await stuck_money.show(cursor, limit)


@post(
    "/v1/admin/payments/stuck-money/{return_id:uuid}/retry",
    auth="staff",
    permissions=(RESOLVE,),
    status=200,
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, StuckMoneyNotFound, StuckMoneyMoves, StuckMoneyDisputed),
)
async def retry_stuck_money(
    return_id: UUID, data: Resolution, caller: Caller, once: Once, stuck_money: StuckMonies
) -> Resolved:
    """Ask the provider once more to send late money back."""
    return await stuck_money.retry(caller, return_id, data, once)


@post(
    "/v1/admin/payments/stuck-money/{return_id:uuid}/to-wallet",
    auth="staff",
    permissions=(RESOLVE,),
    status=200,
    idempotency_key=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        InvalidInput,
        StuckMoneyNotFound,
        StuckMoneyMoves,
        StuckMoneyDisputed,
        OwnStuckMoney,
        OwnStuckProposal,
    ),
)
async def move_stuck_money_to_wallet(
    return_id: UUID, data: Resolution, caller: Caller, once: Once, stuck_money: StuckMonies
) -> Resolved:
    """Put late money into the wallet of whoever paid it. Beyond what one person gives alone it is `proposed`, and a second one calls this again."""
    return await stuck_money.to_wallet(caller, return_id, data, once)
