"""REST: the prices of a package, for its organisation and for staff."""

from typing import Annotated
from uuid import UUID

from samovar.kit.errors import InvalidInput, PreconditionFailed, UnsupportedMediaType
from samovar.kit.identity import Caller
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.etags import IfMatch
from samovar.kit.rest.parameters import header
from samovar.kit.routes import Cache, RateLimit, get, put
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.prices.domain import EDIT
from samovar.services.catalog.prices.errors import PricesRefused
from samovar.services.catalog.prices.matrix import table
from samovar.services.catalog.prices.matrix.schemas import MatrixChange, PriceMatrix, PriceRegions
from samovar.services.catalog.prices.matrix.use_cases import PriceMatrices

BODY_BYTES_MAX = 65_536
WRITES = RateLimit(30, per_s=60, by="account")
CSV = "text/csv"
REGIONS_TTL_S = 300

ContentType = Annotated[str, header("Content-Type")]


@get(
    "/v1/dev/apps/{app_id:uuid}/prices",
    auth="player",
    permissions=(EDIT,),
    etag=True,
    raises=(InvalidInput, AppNotFound),
)
async def show_prices(
    app_id: UUID, caller: Caller, price_matrices: PriceMatrices, package_id: UUID | None = None
) -> PriceMatrix:
    """Show the prices of a package of this page without discounts, by default of the standard one."""
    return await price_matrices.show(caller, app_id, package_id)


@put(
    "/v1/dev/apps/{app_id:uuid}/prices",
    auth="player",
    permissions=(EDIT,),
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(InvalidInput, AppNotFound, PricesRefused, PreconditionFailed),
)
async def change_prices(
    app_id: UUID,
    data: MatrixChange,
    caller: Caller,
    price_matrices: PriceMatrices,
    package_id: UUID | None = None,
    if_match: IfMatch = None,
) -> PriceMatrix:
    """Set all prices of a package from this moment on. What they were stays in its history."""
    prices = {region: price.money() for region, price in data.prices.items()}
    return await price_matrices.change(caller, app_id, package_id, prices, if_match=if_match)


@get(
    "/v1/dev/apps/{app_id:uuid}/prices/csv",
    auth="player",
    permissions=(EDIT,),
    media_type=CSV,
    raises=(InvalidInput, AppNotFound),
)
async def export_prices(
    app_id: UUID, caller: Caller, price_matrices: PriceMatrices, package_id: UUID | None = None
) -> Answer:
    """Return the prices of a package as a table: `region,currency,price`."""
    matrix = await price_matrices.show(caller, app_id, package_id)
    headers = {
        "Content-Disposition": 'attachment; filename="prices.csv"',
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(table.write(matrix.prices), media_type=f"{CSV}; charset=utf-8", headers=headers)


@put(
    "/v1/dev/apps/{app_id:uuid}/prices/csv",
    auth="player",
    permissions=(EDIT,),
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    body="bytes",
    etag=True,
    raises=(InvalidInput, AppNotFound, PricesRefused, PreconditionFailed, UnsupportedMediaType),
)
async def import_prices(
    app_id: UUID,
    data: bytes,
    caller: Caller,
    price_matrices: PriceMatrices,
    package_id: UUID | None = None,
    content_type: ContentType = "",
    if_match: IfMatch = None,
) -> PriceMatrix:
    """Set all prices of a package from a table, as `change_prices` does; one wrong line and nothing changes."""
    if content_type.partition(";")[0].strip().lower() != CSV:
        raise UnsupportedMediaType(content_type or "no Content-Type")
    return await price_matrices.change(caller, app_id, package_id, table.read(data), if_match=if_match)


@get("/v1/price-regions", auth="public", cache=Cache(ttl_s=REGIONS_TTL_S, stale_s=REGIONS_TTL_S))
async def list_price_regions(price_matrices: PriceMatrices) -> PriceRegions:
    """Show where prices may hold, in which currency and from which amount on."""
    return await price_matrices.regions()
