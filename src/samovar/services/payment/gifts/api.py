"""REST: gifts."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, get, post
from samovar.services.payment.asking.errors import AccountAway, CatalogAway, LibraryAway
from samovar.services.payment.gifts.domain import GiftState
from samovar.services.payment.gifts.errors import (
    GiftAgeRestricted,
    GiftNotActivatable,
    GiftNotFound,
    GiftOver,
    GiftOwned,
)
from samovar.services.payment.gifts.schemas import Box, GiftView
from samovar.services.payment.gifts.use_cases import Gifts, Returns

ANSWERS = RateLimit(60, per_s=600, by="account")


@get("/v1/gifts", auth="player", raises=(InvalidInput,))
async def list_gifts(
    caller: Caller,
    gifts: Gifts,
    box: Box = "received",
    state: GiftState | None = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[GiftView]:
    """List gifts to oneself, or with `box=sent` those that one has sent, the latest first."""
    return await gifts.list_gifts(caller, box=box, state=state, cursor=cursor, limit=limit)


@get("/v1/gifts/{gift_id:uuid}", auth="player", raises=(GiftNotFound,))
async def show_gift(gift_id: UUID, caller: Caller, gifts: Gifts) -> GiftView:
    """Show a gift to oneself or from oneself."""
    return await gifts.show(caller, gift_id)


@post(
    "/v1/gifts/{gift_id:uuid}/accept",
    auth="player",
    status=200,
    idempotent=True,
    rate_limit=ANSWERS,
    raises=(
        GiftNotFound,
        GiftOver,
        GiftNotActivatable,
        GiftAgeRestricted,
        GiftOwned,
        CatalogAway,
        LibraryAway,
        AccountAway,
    ),
)
async def accept_gift(gift_id: UUID, caller: Caller, gifts: Gifts) -> GiftView:
    """Take a gift; the licence follows within seconds. Done twice, it is done once."""
    return await gifts.accept(caller, gift_id)


@post(
    "/v1/gifts/{gift_id:uuid}/decline",
    auth="player",
    status=200,
    idempotent=True,
    rate_limit=ANSWERS,
    raises=(GiftNotFound, GiftOver),
)
async def decline_gift(gift_id: UUID, caller: Caller, gift_returns: Returns) -> GiftView:
    """Refuse a gift; what was paid goes back to its sender. Done twice, it is done once."""
    return await gift_returns.decline(caller, gift_id)
