"""The declaration of payment, and `build`, the only place that builds."""

from collections.abc import Mapping

from samovar.kit.runtime import Kit, Service
from samovar.services.payment.asking import app as asking
from samovar.services.payment.asking.everyone import Everyone
from samovar.services.payment.cart import app as cart
from samovar.services.payment.compensations import app as compensations
from samovar.services.payment.contract.compensations_events import COMPENSATION_EVENTS
from samovar.services.payment.contract.events import GIFT_EVENTS, ORDER_EVENTS, REFUND_EVENTS, WalletToppedUp
from samovar.services.payment.holdings import HOLDINGS
from samovar.services.payment.ledger import app as ledger
from samovar.services.payment.orders import app as orders
from samovar.services.payment.payments import app as payments
from samovar.services.payment.quotes import app as quotes
from samovar.services.payment.quotes.offers import Offers
from samovar.services.payment.receipts import app as receipts
from samovar.services.payment.receipts import planning
from samovar.services.payment.refunds import app as refunds
from samovar.services.payment.refunds import settling as refund_settling
from samovar.services.payment.revenue import app as revenue
from samovar.services.payment.settings import PaymentSettings


async def build(kit: Kit, settings: PaymentSettings) -> Mapping[str, object]:
    """Build what handlers, consumers, jobs and the RPC servicers ask for by name."""
    everyone = Everyone(kit, settings)
    offers = Offers(kit.database, everyone)
    paying = await payments.build_payments(kit, settings, refunds=refund_settling, receipts=planning)
    return {
        "database": kit.database,
        "clock": kit.clock,
        "settings": settings,
        **compensations.build_compensations(kit, settings),
        **paying.provides,
        **orders.build_orders(kit, settings, paying.driver),
        **cart.build_cart(kit, everyone, offers),
        **refunds.build_refunds(kit, settings),
        **quotes.build_quotes(kit, settings, offers),
        **await receipts.build_receipts(kit, settings),
        **revenue.build_revenue(kit, settings),
    }


service = Service(
    name="payment",
    summary="Money: quotes, orders, ledger, payments, refunds, receipts, payouts",
    package=__package__,
    settings=PaymentSettings,
    build=build,
    routes=(
        *compensations.ROUTES,
        *cart.ROUTES,
        *orders.ROUTES,
        *payments.ROUTES,
        *quotes.ROUTES,
        *receipts.ROUTES,
        *refunds.ROUTES,
        *revenue.ROUTES,
    ),
    consumers=(
        *asking.CONSUMERS,
        *refunds.CONSUMERS,
        *orders.CONSUMERS,
    ),
    jobs=(
        *compensations.JOBS,
        *ledger.JOBS,
        *orders.JOBS,
        *payments.JOBS,
        *quotes.JOBS,
        *receipts.JOBS,
        *refunds.JOBS,
        *revenue.JOBS,
    ),
    permissions={
        **compensations.PERMISSIONS,
        **receipts.PERMISSIONS,
        **refunds.PERMISSIONS,
        **revenue.PERMISSIONS,
    },
    rpc=(),
    publishes=(
        *ORDER_EVENTS,
        *REFUND_EVENTS,
        *GIFT_EVENTS,
        WalletToppedUp,
        *COMPENSATION_EVENTS,
    ),
    personal_data=HOLDINGS,
)
