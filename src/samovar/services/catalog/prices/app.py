"""Prices, put together."""

from importlib import resources

from samovar.kit.i18n import Catalogue
from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.catalog.contract.prices_events import PRICES_EVENTS
from samovar.services.catalog.contract.v1_pb2_grpc import add_PricingServicer_to_server
from samovar.services.catalog.prices.boundaries import jobs as boundaries_jobs
from samovar.services.catalog.prices.boundaries.use_cases import Boundaries
from samovar.services.catalog.prices.discounts import api as discounts_api
from samovar.services.catalog.prices.discounts.use_cases import Discounts
from samovar.services.catalog.prices.discounts.writer import DiscountWriter
from samovar.services.catalog.prices.domain import EDIT, EDIT_SALES
from samovar.services.catalog.prices.history import api as history_api
from samovar.services.catalog.prices.history.use_cases import PriceHistories
from samovar.services.catalog.prices.matrix import api as matrix_api
from samovar.services.catalog.prices.matrix.use_cases import PriceMatrices
from samovar.services.catalog.prices.matrix.writer import MatrixWriter
from samovar.services.catalog.prices.quotes.rpc import PricingRpc
from samovar.services.catalog.prices.quotes.use_cases import Quotes
from samovar.services.catalog.prices.sales import api as sales_api
from samovar.services.catalog.prices.sales.use_cases import Sales
from samovar.services.catalog.rights import Rights
from samovar.services.catalog.settings import CatalogSettings

ROUTES = tuple(
    route for room in (matrix_api, discounts_api, sales_api, history_api) for route in routes_in(room)
)
RPC = (Rpc(add_PricingServicer_to_server, PricingRpc),)
JOBS = jobs_in(boundaries_jobs)
EVENTS = PRICES_EVENTS
PERMISSIONS = {
    EDIT: ("developer", "moderator", "admin"),
    EDIT_SALES: ("moderator", "admin"),
}


def build_prices(kit: Kit, settings: CatalogSettings) -> dict[str, object]:
    """Build what handlers, the job and the RPC servicer ask for; `matrix_writer` and `discount_writer` also serve imports."""
    rights = Rights(PERMISSIONS, EDIT)
    matrix_writer = MatrixWriter(clock=kit.clock, new_id=kit.new_id)
    discount_writer = DiscountWriter(clock=kit.clock, new_id=kit.new_id)
    sentences = Catalogue.load([resources.files("samovar.services.catalog") / "locale"])
    return {
        "clock": kit.clock,
        "matrix_writer": matrix_writer,
        "discount_writer": discount_writer,
        "price_matrices": PriceMatrices(kit.database, rights=rights, writer=matrix_writer, clock=kit.clock),
        "discounts": Discounts(
            kit.database, rights=rights, writer=discount_writer, sentences=sentences, clock=kit.clock
        ),
        "sales": Sales(kit.database, clock=kit.clock, new_id=kit.new_id),
        "price_histories": PriceHistories(kit.database, clock=kit.clock),
        "quotes": Quotes(kit.database, clock=kit.clock, unknown_age_level=settings.unknown_age_level),
        "boundaries": Boundaries(kit.database, clock=kit.clock),
    }
