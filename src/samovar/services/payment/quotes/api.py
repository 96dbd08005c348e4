"""REST: what a purchase costs."""

from typing import Any
from uuid import UUID

import litestar

from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.rest.client import address_of
from samovar.kit.routes import RateLimit, get, post
from samovar.services.payment.asking.errors import AccountAway, CatalogAway, LibraryAway
from samovar.services.payment.errors import QuoteNotFound
from samovar.services.payment.promo.errors import PromoCodeRefused, TooManyPromoCodes
from samovar.services.payment.quotes.errors import ItemsRefused
from samovar.services.payment.quotes.schemas import NewQuoteView, QuoteView, QuoteWish
from samovar.services.payment.quotes.use_cases import Quotes

BODY_BYTES_MAX = 262_144
# A cart is quoted at every change; each asks three other services.
QUOTES = RateLimit(60, per_s=60, by="account", where="cluster")


@post(
    "/v1/quotes",
    auth="player",
    rate_limit=QUOTES,
    body_bytes_max=BODY_BYTES_MAX,
    idempotency_key=True,
    raises=(
        InvalidInput,
        ItemsRefused,
        PromoCodeRefused,
        TooManyPromoCodes,
        CatalogAway,
        LibraryAway,
        AccountAway,
    ),
)
async def make_quote(
    data: QuoteWish,
    caller: Caller,
    quotes: Quotes,
    once: Once,
    request: litestar.Request[Any, Any, Any],
) -> NewQuoteView:
    """Price a purchase line by line. The quote is signed and holds until it expires; an order is made of it."""
    return await quotes.make(caller, data, address=address_of(request), once=once)


@get("/v1/quotes/{quote_id:uuid}", auth="player", raises=(QuoteNotFound,))
async def show_quote(quote_id: UUID, caller: Caller, quotes: Quotes) -> QuoteView:
    """Show a quote of one's own, while it is kept."""
    return await quotes.show(caller, quote_id)
