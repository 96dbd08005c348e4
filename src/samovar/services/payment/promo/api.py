"""REST: promo codes, for finance and for developers."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, StepUp, get, post
from samovar.services.payment.asking.errors import CatalogAway
from samovar.services.payment.promo.errors import PromoCodeExists, PromoCodeNotFound, PromoCodesFull
from samovar.services.payment.promo.schemas import NewPromoCode, PromoCodeView
from samovar.services.payment.promo.use_cases import PromoCodes

EDIT = "payment.promo_code.edit"
OWN = "payment.own_promo_code.edit"
FRESH = StepUp(max_age_s=600)
CHANGES = RateLimit(120, per_s=3_600, by="account", where="cluster")


@get("/v1/admin/payments/promo-codes", auth="staff", permissions=(EDIT,), raises=(InvalidInput,))
async def list_promo_codes(
    promo_codes: PromoCodes,
    organisation_id: UUID | None = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[PromoCodeView]:
    """List promo codes of the platform and of all organisations, or of one, the latest first."""
    return await promo_codes.list_codes(organisation_id, cursor=cursor, limit=limit)


@post(
    "/v1/admin/payments/promo-codes",
    auth="staff",
    permissions=(EDIT,),
    step_up=FRESH,
    rate_limit=CHANGES,
    idempotency_key=True,
    raises=(InvalidInput, PromoCodeExists, PromoCodesFull, CatalogAway),
)
async def make_promo_code(
    data: NewPromoCode, caller: Caller, promo_codes: PromoCodes, once: Once
) -> PromoCodeView:
    """Make a promo code for everything, some packages, or all of an organisation."""
    return await promo_codes.make(caller, data, once)


@post(
    "/v1/admin/payments/promo-codes/{code_id:uuid}/end",
    auth="staff",
    permissions=(EDIT,),
    status=200,
    idempotent=True,
    rate_limit=CHANGES,
    raises=(PromoCodeNotFound,),
)
async def end_promo_code(code_id: UUID, promo_codes: PromoCodes) -> PromoCodeView:
    """End a promo code at once, also for those who have a quote with it. Done twice, it is done once."""
    return await promo_codes.end(code_id)


@get(
    "/v1/dev/promo-codes",
    auth="developer",
    permissions=(OWN,),
    raises=(InvalidInput, PromoCodeNotFound),
)
async def list_own_promo_codes(
    organisation_id: UUID,
    caller: Caller,
    promo_codes: PromoCodes,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[PromoCodeView]:
    """List the promo codes of an organisation of one's own, the latest first."""
    return await promo_codes.list_own(caller, organisation_id, cursor=cursor, limit=limit)


@post(
    "/v1/dev/promo-codes",
    auth="developer",
    permissions=(OWN,),
    rate_limit=CHANGES,
    idempotency_key=True,
    raises=(InvalidInput, PromoCodeNotFound, PromoCodeExists, PromoCodesFull, CatalogAway),
)
async def make_own_promo_code(
    data: NewPromoCode, caller: Caller, promo_codes: PromoCodes, once: Once
) -> PromoCodeView:
    """Make a promo code for packages of an organisation of one's own. For its owners, and those who see to its money."""
    return await promo_codes.make_own(caller, data, once)


@post(
    "/v1/dev/promo-codes/{code_id:uuid}/end",
    auth="developer",
    permissions=(OWN,),
    status=200,
    idempotent=True,
    rate_limit=CHANGES,
    raises=(PromoCodeNotFound,),
)
async def end_own_promo_code(code_id: UUID, caller: Caller, promo_codes: PromoCodes) -> PromoCodeView:
    """End a promo code of an organisation of one's own. Done twice, it is done once."""
    return await promo_codes.end_own(caller, code_id)
