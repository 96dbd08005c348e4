"""The declaration of payment, and `build`, the only place that builds."""

from collections.abc import Mapping

from samovar.kit.runtime import Kit, Service
from samovar.services.payment.contract.events import GIFT_EVENTS, ORDER_EVENTS, REFUND_EVENTS, WalletToppedUp
from samovar.services.payment.holdings import HOLDINGS
from samovar.services.payment.ledger import app as ledger
from samovar.services.payment.payouts import app as payouts
from samovar.services.payment.revenue import app as revenue
from samovar.services.payment.settings import PaymentSettings


async def build(kit: Kit, settings: PaymentSettings) -> Mapping[str, object]:
    """Build what handlers, consumers, jobs and the RPC servicers ask for by name."""
    return {
        "database": kit.database,
        "clock": kit.clock,
        "settings": settings,
        **revenue.build_revenue(kit, settings),
        **payouts.build_payouts(kit, settings),
    }


service = Service(
    name="payment",
    summary="Money: quotes, orders, ledger, payments, refunds, receipts, payouts",
    package=__package__,
    settings=PaymentSettings,
    build=build,
    routes=(*revenue.ROUTES, *payouts.ROUTES),
    consumers=(),
    jobs=(*ledger.JOBS, *revenue.JOBS, *payouts.JOBS),
    permissions={**revenue.PERMISSIONS, **payouts.PERMISSIONS},
    rpc=(),
    publishes=(*ORDER_EVENTS, *REFUND_EVENTS, *GIFT_EVENTS, WalletToppedUp, *payouts.EVENTS),
    personal_data=HOLDINGS,
)
