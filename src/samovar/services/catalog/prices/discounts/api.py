"""REST: the discounts on a page's packages, for its organisation and for staff."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, delete, get, post
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.prices.discounts.schemas import DiscountShown, DiscountWish, Verdict
from samovar.services.catalog.prices.discounts.use_cases import Discounts
from samovar.services.catalog.prices.domain import EDIT
from samovar.services.catalog.prices.errors import (
    DiscountNotFound,
    DiscountOver,
    DiscountRefused,
    OwnerEndsDiscount,
    SaleClosed,
    SaleNotFound,
)
from samovar.services.catalog.viewers.audience import AcceptLanguage

BODY_BYTES_MAX = 4_096
WRITES = RateLimit(60, per_s=60, by="account")


@get(
    "/v1/dev/apps/{app_id:uuid}/discounts",
    auth="player",
    permissions=(EDIT,),
    raises=(InvalidInput, AppNotFound),
)
async def list_discounts(
    app_id: UUID,
    caller: Caller,
    discounts: Discounts,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[DiscountShown]:
    """List the discounts on the packages of this page, the latest first."""
    return await discounts.list_of(caller, app_id, cursor, limit)


@post(
    "/v1/dev/apps/{app_id:uuid}/discounts",
    auth="player",
    permissions=(EDIT,),
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, AppNotFound, DiscountRefused, SaleNotFound, SaleClosed),
)
async def plan_discount(
    app_id: UUID, data: DiscountWish, caller: Caller, discounts: Discounts
) -> DiscountShown:
    """Plan a discount, or begin one at once. Refused with everything that stands against it, and until when."""
    return await discounts.grant(caller, app_id, data)


@post(
    "/v1/dev/apps/{app_id:uuid}/discounts/preview",
    auth="player",
    permissions=(EDIT,),
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    status=200,
    idempotent=True,
    raises=(InvalidInput, AppNotFound, SaleNotFound, SaleClosed),
)
async def preview_discount(
    app_id: UUID,
    data: DiscountWish,
    caller: Caller,
    discounts: Discounts,
    accept_language: AcceptLanguage = None,
) -> Verdict:
    """Say what would come of a wish: all that stands against it, and what it would make of the prices. Nothing changes."""
    return await discounts.preview(caller, app_id, data, language_of(accept_language))


@delete(
    "/v1/dev/apps/{app_id:uuid}/discounts/{discount_id:uuid}",
    auth="player",
    permissions=(EDIT,),
    rate_limit=WRITES,
    raises=(AppNotFound, DiscountNotFound, DiscountOver, OwnerEndsDiscount),
)
async def call_discount_off(app_id: UUID, discount_id: UUID, caller: Caller, discounts: Discounts) -> None:
    """Call a discount off. One that is active ends at once, only by an owner or staff, and the rest after it holds."""
    await discounts.end(caller, app_id, discount_id)
