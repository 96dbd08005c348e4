"""REST: the orders of a player."""

from typing import Annotated
from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.parameters import header
from samovar.kit.routes import get
from samovar.services.payment.errors import OrderNotFound
from samovar.services.payment.orders.pages.schemas import ListedOrder, OrderPage, Statuses
from samovar.services.payment.orders.pages.use_cases import OrderPages

AcceptLanguage = Annotated[str | None, header("Accept-Language")]


@get("/v1/orders", auth="player", raises=(InvalidInput,))
async def list_orders(
    caller: Caller,
    order_pages: OrderPages,
    status: Statuses | None = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[ListedOrder]:
    """List one's own orders, the newest first; a repeated `status` means any of them."""
    return await order_pages.list_orders(caller, status or [], cursor, limit)


@get("/v1/orders/{order_id:uuid}", auth="player", raises=(OrderNotFound,))
async def show_order(
    order_id: UUID, caller: Caller, order_pages: OrderPages, accept_language: AcceptLanguage = None
) -> OrderPage:
    """Show an order that explains itself to the kopeck: how each price was made, who paid what from where, where it went since."""
    return await order_pages.show(caller, order_id, language_of(accept_language))
