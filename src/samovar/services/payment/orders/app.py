"""Orders, built from their parts."""

from datetime import timedelta
from importlib import resources

from samovar.kit.events import consumers_in
from samovar.kit.i18n import Catalogue
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services import payment
from samovar.services.payment.asking.library import Library as OwnedApps
from samovar.services.payment.orders.checkout import api as checkout_api
from samovar.services.payment.orders.checkout import jobs as checkout_jobs
from samovar.services.payment.orders.checkout.adapters import Bases, Holds
from samovar.services.payment.orders.checkout.use_cases import Checkout, Children, Collector
from samovar.services.payment.orders.fulfilment import consumers
from samovar.services.payment.orders.fulfilment import jobs as fulfilment_jobs
from samovar.services.payment.orders.fulfilment.adapters import Library, Releases
from samovar.services.payment.orders.fulfilment.use_cases import Fulfilment
from samovar.services.payment.orders.pages import api as pages_api
from samovar.services.payment.orders.pages.adapters import ReleaseDays
from samovar.services.payment.orders.pages.explaining import Explainer
from samovar.services.payment.orders.pages.use_cases import OrderPages
from samovar.services.payment.settings import PaymentSettings

ROUTES = (*routes_in(checkout_api), *routes_in(pages_api))
CONSUMERS = consumers_in(consumers)
JOBS = (*jobs_in(checkout_jobs), *jobs_in(fulfilment_jobs))


def build_orders(
    kit: Kit, settings: PaymentSettings, collector: Collector, children: Children
) -> dict[str, object]:
    """Build what the doors of orders ask for by name; `collector` speaks with payment providers, `children` with families."""
    return {
        "checkout": Checkout(
            kit.database,
            holds=Holds(kit.peers, kit.clock),
            bases=Bases(OwnedApps(kit.peers)),
            children=children,
            collector=collector,
            secret=settings.signing_secret,
            ttl=timedelta(seconds=settings.order_ttl_s),
            origins=(kit.platform.origin, *settings.return_origins),
            clock=kit.clock,
            new_id=kit.new_id,
        ),
        "order_pages": OrderPages(
            kit.database,
            explainer=Explainer(Catalogue.load([resources.files(payment) / "locale"])),
            release_days=ReleaseDays(kit.peers),
        ),
        "fulfilment": Fulfilment(
            kit.database, library=Library(kit.peers), releases=Releases(kit.peers), clock=kit.clock
        ),
    }
