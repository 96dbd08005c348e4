"""REST: what somebody intends to buy."""

from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.rest.answers import AnswerOf
from samovar.kit.rest.etags import IfMatch, etag_of
from samovar.kit.routes import RateLimit, delete, get, put
from samovar.services.payment.cart.domain import Contents
from samovar.services.payment.cart.schemas import CartView, CartWish
from samovar.services.payment.cart.use_cases import Carts
from samovar.services.payment.quotes.schemas import Country

BODY_BYTES_MAX = 262_144
# Each shows present prices, for which three other services are asked.
LOOKS = RateLimit(120, per_s=60, by="account")
CHANGES = RateLimit(120, per_s=60, by="account")

CountryParameter = (
    Annotated[
        Country, Meta(description="Whose prices: heeded only while nobody knows where the caller lives.")
    ]
    | None
)


@get("/v1/cart", auth="player", rate_limit=LOOKS, raises=(InvalidInput,))
async def show_cart(caller: Caller, carts: Carts, country: CountryParameter = None) -> AnswerOf[CartView]:
    """Show one's cart with present prices, and what in it cannot be bought any more, and why.

    The `ETag` is for changing it: it stands for what is in the cart, not for what that costs.
    """
    return _answer(*await carts.show(caller, country))


@put(
    "/v1/cart",
    auth="player",
    rate_limit=CHANGES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, PreconditionFailed),
)
async def fill_cart(
    data: CartWish,
    caller: Caller,
    carts: Carts,
    country: CountryParameter = None,
    if_match: IfMatch = None,
) -> AnswerOf[CartView]:
    """Let one's cart hold this and nothing else, in this order."""
    return _answer(*await carts.fill(caller, data, country=country, if_match=if_match))


@delete("/v1/cart", auth="player", rate_limit=CHANGES, raises=(PreconditionFailed,))
async def empty_cart(caller: Caller, carts: Carts, if_match: IfMatch = None) -> None:
    """Take everything out of one's cart."""
    await carts.empty(caller, if_match=if_match)


def _answer(view: CartView, contents: Contents) -> AnswerOf[CartView]:
    return AnswerOf(view, headers={"ETag": etag_of(msgspec.json.encode(contents))})
