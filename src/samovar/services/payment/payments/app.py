"""Payments, built from their parts."""

import asyncio
from collections.abc import Sequence
from ipaddress import ip_network
from typing import NamedTuple

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.settings import SettingsError
from samovar.kit.workers import jobs_in
from samovar.services.payment.orders import settling as order_settling
from samovar.services.payment.payments import jobs
from samovar.services.payment.payments.driver import Driver
from samovar.services.payment.payments.instruments import api as instruments_api
from samovar.services.payment.payments.instruments.keeping import Instruments
from samovar.services.payment.payments.instruments.use_cases import PaymentMethods
from samovar.services.payment.payments.registers import api as registers_api
from samovar.services.payment.payments.registers.use_cases import Registers
from samovar.services.payment.payments.settling.janitor import Janitor
from samovar.services.payment.payments.settling.order_purpose import OrderPurpose
from samovar.services.payment.payments.settling.purposes import Purpose, Receipts, RefundSettling
from samovar.services.payment.payments.settling.returning import Returns
from samovar.services.payment.payments.stuck import api as stuck_api
from samovar.services.payment.payments.stuck import jobs as stuck_jobs
from samovar.services.payment.payments.stuck.use_cases import StuckMonies
from samovar.services.payment.payments.topping_up import api as topping_up_api
from samovar.services.payment.payments.topping_up.crediting import TopUpPurpose
from samovar.services.payment.payments.topping_up.use_cases import Children, Limits, TopUps
from samovar.services.payment.payments.webhooks import api as webhooks_api
from samovar.services.payment.payments.webhooks.inbox import Inbox
from samovar.services.payment.payments.webhooks.use_cases import Network, Webhooks
from samovar.services.payment.providers.port import Provider
from samovar.services.payment.providers.registry import build_providers
from samovar.services.payment.providers.routing import Router
from samovar.services.payment.providers.tbank import TBank
from samovar.services.payment.settings import PaymentSettings

ROUTES = tuple(
    route
    for api in (webhooks_api, topping_up_api, instruments_api, registers_api, stuck_api)
    for route in routes_in(api)
)
JOBS = (*jobs_in(jobs), *jobs_in(stuck_jobs))
PERMISSIONS = {
    registers_api.READ: ("finance", "admin"),
    stuck_api.READ: ("support", "finance", "admin"),
    stuck_api.RESOLVE: ("finance",),
}
LOOPBACK = ("127.0.0.0/8", "::1/128")


class Built(NamedTuple):
    """What payments are made of: the driver, for orders, and what doors ask for by name."""

    driver: Driver
    provides: dict[str, object]


async def build_payments(
    kit: Kit,
    settings: PaymentSettings,
    *,
    children: Children,
    refunds: RefundSettling,
    receipts: Receipts,
) -> Built:
    """Build what the doors of payments ask for by name, and the driver for orders."""
    database, clock, new_id = kit.database, kit.clock, kit.new_id
    providers = await build_providers(settings, kit.closing)
    router = Router(providers, clock)
    purposes: dict[str, Purpose] = {"order": OrderPurpose(order_settling), "top_up": TopUpPurpose(receipts)}
    driver = Driver(
        database,
        router=router,
        purposes=purposes,
        receipts=receipts,
        instruments=Instruments(new_id),
        base_url=kit.platform.origin,
        clock=clock,
        new_id=new_id,
    )
    returns = Returns(
        database,
        router=router,
        purposes=purposes,
        refunds=refunds,
        receipts=receipts,
        clock=clock,
        new_id=new_id,
    )
    told = asyncio.Event()
    provides: dict[str, object] = {
        "janitor": Janitor(database, driver=driver, returns=returns, clock=clock),
        "webhooks": Webhooks(
            database,
            networks=_networks(kit, settings),
            tbank=_tbank(providers),
            told=told,
            clock=clock,
            new_id=new_id,
        ),
        "provider_inbox": Inbox(database, driver=driver, returns=returns, told=told, clock=clock),
        "top_ups": TopUps(
            database,
            driver=driver,
            router=router,
            children=children,
            limits=_limits(settings),
            origins=(kit.platform.origin, *settings.return_origins),
            clock=clock,
            new_id=new_id,
        ),
        "stuck_money": StuckMonies(
            database, alone=settings.compensation_alone_amount_max, clock=clock, new_id=new_id
        ),
        "registers": Registers(database, router=router, clock=clock),
        "payment_methods": PaymentMethods(database, router=router, country=settings.default_country),
    }
    return Built(driver=driver, provides=provides)


def _limits(settings: PaymentSettings) -> Limits:
    """Return what may be paid in."""
    return Limits(least=settings.top_up_min, most=settings.top_up_max, monthly=settings.top_up_monthly_max)


def _networks(kit: Kit, settings: PaymentSettings) -> list[Network]:
    """Return where YooKassa's notifications may come from; outside production its simulator is on this machine."""
    named = (*settings.yookassa_networks, *(LOOPBACK if kit.platform.environment != "production" else ()))
    try:
        return [ip_network(network) for network in named]
    except ValueError as error:
        raise SettingsError(f"SAMOVAR_PAYMENT__YOOKASSA_NETWORKS: {error}") from None


def _tbank(providers: Sequence[Provider]) -> TBank | None:
    return next((provider for provider in providers if isinstance(provider, TBank)), None)
