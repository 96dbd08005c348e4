"""REST: sales, for everybody to see and for staff to announce."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import Cache, RateLimit, delete, get, patch, post
from samovar.services.catalog.prices.domain import EDIT_SALES
from samovar.services.catalog.prices.errors import SaleBegun, SaleNotFound, SaleSlugTaken
from samovar.services.catalog.prices.sales.schemas import NewSale, Sale, SaleChange
from samovar.services.catalog.prices.sales.use_cases import Sales

BODY_BYTES_MAX = 8_192
WRITES = RateLimit(30, per_s=60, by="account")


@get(
    "/v1/sales",
    auth="public",
    cache=Cache(ttl_s=30, tags=("catalog.v1.sale_changed",), query=("cursor", "limit")),
    raises=(InvalidInput,),
)
async def list_sales(sales: Sales, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT) -> Page[Sale]:
    """List the sales that hold or are to come, the next one first."""
    return await sales.list_coming(cursor, limit)


@post(
    "/v1/sales",
    auth="staff",
    permissions=(EDIT_SALES,),
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, SaleSlugTaken),
)
async def announce_sale(data: NewSale, caller: Caller, sales: Sales) -> Sale:
    """Announce a sale. Developers see it at once and join with `kind: seasonal` until `join_until`."""
    return await sales.announce(data, account_id=caller.account_id)


@patch(
    "/v1/sales/{sale_id:uuid}",
    auth="staff",
    permissions=(EDIT_SALES,),
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, SaleNotFound, SaleBegun),
)
async def change_sale(sale_id: UUID, data: SaleChange, caller: Caller, sales: Sales) -> Sale:
    """Change a sale; its beginning and end only while no package has joined and it has not begun."""
    return await sales.change(sale_id, data, account_id=caller.account_id)


@delete(
    "/v1/sales/{sale_id:uuid}",
    auth="staff",
    permissions=(EDIT_SALES,),
    rate_limit=WRITES,
    raises=(SaleNotFound, SaleBegun),
)
async def cancel_sale(sale_id: UUID, caller: Caller, sales: Sales) -> None:
    """Call a sale off: its discounts that are to come never begin, those that hold end now."""
    await sales.cancel(sale_id, account_id=caller.account_id)
