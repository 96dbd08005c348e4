"""The declaration of payment, and `build`, the only place that builds."""

from collections.abc import Mapping

from samovar.kit.runtime import Kit, Service
from samovar.services.payment.asking import app as asking
from samovar.services.payment.asking.everyone import Everyone
from samovar.services.payment.cart import app as cart
from samovar.services.payment.chargebacks import app as chargebacks
from samovar.services.payment.children import app as children
from samovar.services.payment.compensations import app as compensations
from samovar.services.payment.contract.chargebacks_events import CHARGEBACK_EVENTS
from samovar.services.payment.contract.compensations_events import COMPENSATION_EVENTS
from samovar.services.payment.contract.events import GIFT_EVENTS, ORDER_EVENTS, REFUND_EVENTS, WalletToppedUp
from samovar.services.payment.contract.revenue_events import REVENUE_EVENTS
from samovar.services.payment.gifts import app as gifts
from samovar.services.payment.holdings import HOLDINGS
from samovar.services.payment.ledger import app as ledger
from samovar.services.payment.orders import app as orders
from samovar.services.payment.payments import app as payments
from samovar.services.payment.payouts import app as payouts
from samovar.services.payment.promo import app as promo
from samovar.services.payment.quotes import app as quotes
from samovar.services.payment.quotes.offers import Offers
from samovar.services.payment.receipts import app as receipts
from samovar.services.payment.receipts import planning
from samovar.services.payment.refunds import app as refunds
from samovar.services.payment.refunds import settling as refund_settling
from samovar.services.payment.revenue import app as revenue
from samovar.services.payment.settings import PaymentSettings
from samovar.services.payment.wallet import app as wallet


async def build(kit: Kit, settings: PaymentSettings) -> Mapping[str, object]:
    """Build what handlers, consumers, jobs and the RPC servicers ask for by name."""
    everyone = Everyone(kit, settings)
    offers = Offers(kit.database, everyone)
    asked = children.ask_children(kit)
    paying = await payments.build_payments(
        kit, settings, children=asked, refunds=refund_settling, receipts=planning
    )
    return {
        "database": kit.database,
        "clock": kit.clock,
        "settings": settings,
        **chargebacks.build_chargebacks(kit),
        **children.build_children(kit, settings),
        **compensations.build_compensations(kit, settings, everyone),
        **paying.provides,
        **orders.build_orders(kit, settings, paying.driver, asked),
        **cart.build_cart(kit, everyone, offers),
        **gifts.build_gifts(kit, everyone),
        **promo.build_promo(kit, everyone),
        **refunds.build_refunds(kit, settings),
        **quotes.build_quotes(kit, settings, everyone, offers),
        **await receipts.build_receipts(kit, settings),
        **revenue.build_revenue(kit, settings),
        **payouts.build_payouts(kit, settings),
        **wallet.build_wallet(kit),
    }


service = Service(
    name="payment",
    summary="Money: quotes, orders, ledger, payments, refunds, receipts, payouts",
    package=__package__,
    settings=PaymentSettings,
    build=build,
    routes=(
        *chargebacks.ROUTES,
        *compensations.ROUTES,
        *cart.ROUTES,
        *gifts.ROUTES,
        *orders.ROUTES,
        *payments.ROUTES,
        *promo.ROUTES,
        *quotes.ROUTES,
        *receipts.ROUTES,
        *refunds.ROUTES,
        *revenue.ROUTES,
        *payouts.ROUTES,
        *wallet.ROUTES,
    ),
    consumers=(
        *asking.CONSUMERS,
        *children.CONSUMERS,
        *refunds.CONSUMERS,
        *orders.CONSUMERS,
        *payouts.CONSUMERS,
    ),
    jobs=(
        *gifts.JOBS,
        *children.JOBS,
        *compensations.JOBS,
        *ledger.JOBS,
        *orders.JOBS,
        *payments.JOBS,
        *quotes.JOBS,
        *receipts.JOBS,
        *refunds.JOBS,
        *revenue.JOBS,
        *payouts.JOBS,
    ),
    permissions={
        **payments.PERMISSIONS,
        **chargebacks.PERMISSIONS,
        **promo.PERMISSIONS,
        **compensations.PERMISSIONS,
        **receipts.PERMISSIONS,
        **refunds.PERMISSIONS,
        **revenue.PERMISSIONS,
        **payouts.PERMISSIONS,
    },
    rpc=(),
    publishes=(
        *ORDER_EVENTS,
        *REFUND_EVENTS,
        *GIFT_EVENTS,
        WalletToppedUp,
        *REVENUE_EVENTS,
        *payouts.EVENTS,
        *COMPENSATION_EVENTS,
        *CHARGEBACK_EVENTS,
    ),
    personal_data=HOLDINGS,
)
