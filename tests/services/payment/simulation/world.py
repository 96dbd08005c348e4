"""Payment and library as they are, put together without network: their real use cases, consumers and jobs on real databases."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from ipaddress import ip_network
from typing import Any, NamedTuple, TypeVar, cast

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.events import Consumer, Delivery, Event
from samovar.kit.runtime import Kit
from samovar.kit.settings import PlatformSettings, Secret
from samovar.services.library.app import build as build_library
from samovar.services.library.app import service as library_service
from samovar.services.library.licences.rpc import LicencesRpc
from samovar.services.library.settings import LibrarySettings
from samovar.services.payment.app import build as build_payment
from samovar.services.payment.app import service as payment_service
from samovar.services.payment.asking.everyone import Everyone
from samovar.services.payment.asking.holds import AccountHolds
from samovar.services.payment.asking.library import Library
from samovar.services.payment.children.adapters import Children
from samovar.services.payment.compensations.use_cases import Accounts as People
from samovar.services.payment.compensations.use_cases import Compensations
from samovar.services.payment.compensations.use_cases import Limits as CompensationLimits
from samovar.services.payment.gifts.use_cases import Gifts
from samovar.services.payment.orders.checkout.adapters import Bases, Holds
from samovar.services.payment.orders.checkout.use_cases import Checkout
from samovar.services.payment.orders.fulfilment.adapters import Library as Giver
from samovar.services.payment.orders.fulfilment.adapters import Releases
from samovar.services.payment.payments.driver import Driver
from samovar.services.payment.payments.instruments.keeping import Instruments
from samovar.services.payment.payments.settling.janitor import Janitor
from samovar.services.payment.payments.settling.purposes import Purpose, Receipts
from samovar.services.payment.payments.settling.returning import Returns
from samovar.services.payment.payments.topping_up.crediting import TopUpPurpose
from samovar.services.payment.payments.topping_up.use_cases import Limits, TopUps
from samovar.services.payment.payments.webhooks.inbox import Inbox
from samovar.services.payment.payments.webhooks.use_cases import Webhooks
from samovar.services.payment.payouts.adapters import Npd
from samovar.services.payment.payouts.sending import Sender
from samovar.services.payment.payouts.use_cases import Sending as PayoutSending
from samovar.services.payment.providers.routing import Router
from samovar.services.payment.receipts import planning
from samovar.services.payment.receipts.sending.adapters import Registers
from samovar.services.payment.receipts.sending.documents import Seller
from samovar.services.payment.receipts.sending.use_cases import Sending
from samovar.services.payment.refunds import settling as refund_settling
from samovar.services.payment.revenue.splitting.splitter import Splitter
from samovar.services.payment.settings import PaymentSettings
from tests.services.payment.conftest import SIGNING_SECRET
from tests.services.payment.simulation.outside.bank import SimulatedTaxService
from tests.services.payment.simulation.planting import Planted
from tests.services.payment.simulation.scheduler import START, Ids, Scheduler, VirtualClock
from tests.services.payment.simulation.wires import EveryoneWilling, GatedDatabase, Peers, Signed, Stage

RECEIPTS = cast("Receipts", planning)
T = TypeVar("T")
ORIGIN = "https://play.example"
NETWORK = ip_network("10.0.0.0/8")
SELLER = Seller(
    inn="7707083893",
    email="kassa@play.example",
    tax_system="osn",
    address=ORIGIN,
    vat_regime="general",
)

COMPENSATION_LIMITS = CompensationLimits(
    alone=10_000,
    alone_per_day=12_000,
    most=100_000,
    approved_per_day=10_000_000,
    ttl=timedelta(days=2),
)
# Some of what is earned in a seed is less.
PAYOUT_MINIMUM = 1_500

_REMEMBER = """
    INSERT INTO kit.inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true
"""
_RELAY = """
    WITH sent AS (
        UPDATE kit.outbox SET published_at = now() WHERE published_at IS NULL
        RETURNING seq, event_id, subject, payload::text AS payload
    )
    SELECT * FROM sent ORDER BY seq
"""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it stands in an outbox."""

    seq: int
    event_id: Any
    subject: str
    payload: str


class Hearing(NamedTuple):
    """An event on its way to one of those who hear it."""

    database: GatedDatabase
    consumer: Consumer
    handler: Callable[..., Any]
    told: Told


class Claimed(NamedTuple):
    """A piece of work that a process has taken."""

    name: str
    act: Callable[[], Awaitable[object]]


class Platform:
    """What outlives a seed: two databases, and everything that holds no state of its own."""

    def __init__(self, payment: GatedDatabase, library: GatedDatabase, monitor: Database) -> None:
        self.payment, self.library, self.monitor = payment, library, monitor
        self.stage, self.clock, self.new_id = Stage(), VirtualClock(), Ids()
        payment.stage = library.stage = self.stage
        self.settings = PaymentSettings(
            database_url=Secret("postgresql://unused"),
            signing_secret=Secret(SIGNING_SECRET),
            payout_minimum=PAYOUT_MINIMUM,
        )
        self.provides: dict[str, object] = {}
        self.library_provides: dict[str, object] = {}

    async def open(self) -> None:
        """Build both services."""
        library_kit = self._kit(self.library, Peers(self.stage, None))
        library_settings = LibrarySettings(
            database_url=Secret("postgresql://unused"), key_secret=Secret(SIGNING_SECRET)
        )
        self.library_provides = {
            "database": self.library,
            "clock": self.clock,
            **await build_library(library_kit, library_settings),
        }
        servicer = LicencesRpc(cast("Any", self.library_provides["licences"]))
        self.kit = self._kit(self.payment, Peers(self.stage, servicer))
        self.provides = dict(await build_payment(self.kit, self.settings))

    async def blocked(self) -> int:
        """Return how many statements wait for a lock of somebody else's."""
        return int(
            await self.monitor.fetch_value(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = ANY($1)",
                [
                    await self.payment.fetch_value("SELECT current_database()::text"),
                    await self.library.fetch_value("SELECT current_database()::text"),
                ],
            )
        )

    def _kit(self, database: Database, peers: Peers | None) -> Kit:
        absent = cast("Any", None)
        return Kit(
            platform=PlatformSettings(
                environment="test",
                origin=ORIGIN,
                redis_url=Secret("redis://unused"),
                nats_url=Secret("nats://unused"),
                jwks_url="https://unused.example",
                rpc_secret=Secret("of no use in one process"),
            ),
            clock=self.clock,
            new_id=self.new_id,
            redis=absent,
            cache=absent,
            locks=absent,
            limits=absent,
            peers=cast("Any", peers),
            verifier=absent,
            closing=AsyncExitStack(),
            own_database=database,
        )


class World:
    """One seed: providers, and the parts that remember something."""

    def __init__(self, platform: Platform, seed: int, *, planted: Planted | None = None) -> None:
        self.platform = platform
        self.database, self.library = platform.payment, platform.library
        self.scheduler = Scheduler(seed, platform.blocked)
        platform.stage.scheduler = platform.clock.scheduler = platform.new_id.scheduler = self.scheduler
        self.clock, self.new_id = platform.clock, platform.new_id
        plant = self._plant = planted or Planted()
        # Apps that are not out yet.
        self.coming = platform.stage.coming = set()
        self.providers = [
            plant.provider(name, self.scheduler, self.clock, cancels_pending=name == "tbank")
            for name in ("yookassa", "tbank")
        ]
        router = Router(self.providers, self.clock)
        purposes: dict[str, Purpose] = {
            "order": plant.order_purpose,
            "top_up": TopUpPurpose(RECEIPTS),
        }
        shared: dict[str, Any] = {
            "router": router,
            "purposes": purposes,
            "receipts": RECEIPTS,
            "clock": self.clock,
            "new_id": self.new_id,
        }
        self.driver = Driver(self.database, instruments=Instruments(self.new_id), base_url=ORIGIN, **shared)
        self.returns = Returns(self.database, refunds=refund_settling, **shared)
        self._build_ears()
        self.registers = plant.registers(self.scheduler)
        self.sending = Sending(
            self.database,
            registers=cast("Registers", self.registers),
            seller=SELLER,
            late_after=timedelta(hours=20),
            clock=self.clock,
        )
        self.top_ups = TopUps(
            self.database,
            driver=self.driver,
            router=router,
            children=Children(self.platform.kit.peers, self.clock),
            limits=Limits(least=100, most=10_000_000, monthly=100_000_000),
            origins=(ORIGIN,),
            clock=self.clock,
            new_id=self.new_id,
        )
        self.splitter = Splitter(
            self.database, reserve_percent=10, reserve_days=14, clock=self.clock, new_id=self.new_id
        )
        self.bank = plant.bank(self.scheduler)
        self.paying_out = self._paying_out()
        self.compensations = self._compensations()
        self.provides = {**platform.provides, **self._provided()}
        self._hearings = _hearings(payment_service.consumers, self.provides, self.database)
        self._hearings |= _hearings(library_service.consumers, platform.library_provides, self.library)
        self.waiting: list[Hearing] = []
        # What a job has taken upon itself and not begun with.
        self.claimed: list[Claimed] = []
        # What each provider owed, and what the bank had paid, when the seed began.
        self.owed_before: dict[str, int] = {}

    def _provided(self) -> dict[str, object]:
        """Build what the doors of payment ask for, as far as a seed has its own."""
        return {
            "checkout": self._checkout(),
            "gifts": self._gifts(),
            "staff_refunds": self._plant.staff_refunds(self.database, clock=self.clock),
            "fulfilment": self._plant.fulfilment(
                self.database,
                library=Giver(self.platform.kit.peers),
                releases=Releases(self.platform.kit.peers),
                clock=self.clock,
            ),
        }

    def _checkout(self) -> Checkout:
        """Build what `orders.app` builds, beside our providers."""
        return self._plant.checkout(
            self.database,
            holds=Holds(self.platform.kit.peers, self.clock),
            bases=Bases(Library(self.platform.kit.peers)),
            children=Children(self.platform.kit.peers, self.clock),
            collector=self.driver,
            secret=self.platform.settings.signing_secret,
            ttl=timedelta(seconds=self.platform.settings.order_ttl_s),
            origins=(ORIGIN,),
            clock=self.clock,
            new_id=self.new_id,
        )

    def _gifts(self) -> Gifts:
        everyone = cast("Everyone", EveryoneWilling(self.platform.stage))
        return Gifts(self.database, everyone=everyone, clock=self.clock)

    def _compensations(self) -> Compensations:
        """Build what `compensations.app` builds, with limits that a seed reaches."""
        return self._plant.compensations(
            self.database,
            people=cast("People", EveryoneWilling(self.platform.stage)),
            limits=COMPENSATION_LIMITS,
            clock=self.clock,
            new_id=self.new_id,
        )

    def _paying_out(self) -> PayoutSending:
        """Build what `payouts.app` builds, beside our bank."""
        sender = Sender(
            self.database,
            bank=self.bank,
            npd=cast("Npd", SimulatedTaxService(self.scheduler)),
            holds=AccountHolds(cast("Any", self.platform.kit.peers)),
            npd_year_limit=self.platform.settings.npd_year_limit,
            clock=self.clock,
        )
        return PayoutSending(self.database, sender=sender, clock=self.clock)

    def _build_ears(self) -> None:
        """Build what hears webhooks, and what looks for what was not heard."""
        told = asyncio.Event()
        self.webhooks = Webhooks(
            self.database,
            networks=(NETWORK,),
            tbank=Signed(),
            told=told,
            clock=self.clock,
            new_id=self.new_id,
        )
        shared: dict[str, Any] = {"driver": self.driver, "returns": self.returns, "clock": self.clock}
        self.inbox = Inbox(self.database, told=told, **shared)
        self.janitor = Janitor(self.database, **shared)

    def take(self, name: str, some: Iterable[T], act: Callable[[T], Awaitable[object]]) -> None:
        """Keep what a job has taken: each piece is an actor of its own, and may be lost with its process."""
        # A database gives rows in the order in which they lie there, which is not the seed's.
        named = {str(getattr(one, "id", one)): one for one in some}
        self.claimed += [Claimed(name, partial(act, one)) for _, one in sorted(named.items())]

    def use(self, name: str) -> Any:
        """Return what payment built under a name."""
        return self.provides[name]

    async def listen(self) -> None:
        """Take what was put into the outboxes since, for all who hear it."""
        for database in (self.database, self.library):
            if not database.outbox_written.is_set():
                continue
            database.outbox_written.clear()
            # As the relay does: what commits late may have a lower number than what was sent before.
            for event in await database.fetch(_RELAY, into=Told):
                self._send(event)

    def publish(self, event: Event) -> None:
        """Send what another service tells."""
        told = Told(
            seq=0,
            event_id=self.new_id(),
            subject=event.subject,
            payload=msgspec.json.encode(event).decode(),
        )
        self._send(told)

    def _send(self, told: Told) -> None:
        self.waiting += [
            Hearing(where, consumer, handler, told)
            for consumer, (where, handler) in self._hearings.items()
            if consumer.event.subject == told.subject
        ]

    async def hear(self, hearing: Hearing, again: Callable[[], bool]) -> None:
        """Apply an event by the rule of the inbox; one that was not applied, and now and then one that was, comes again."""
        event: Event = msgspec.json.decode(hearing.told.payload, type=hearing.consumer.event)
        done = False
        try:
            async with hearing.database.transaction() as tx:
                if await _is_new(tx, hearing):
                    delivery = Delivery(
                        id=hearing.told.event_id,
                        time=START,
                        subject=hearing.told.subject,
                        attempt=1,
                        headers={},
                    )
                    await _call(hearing.handler, event, tx, delivery)
            done = not again()
        finally:
            if not done:
                self.waiting.append(hearing)

    def turn(self, by: timedelta) -> None:
        """Let time pass."""
        self.scheduler.at += by
        self.scheduler.tell(f"it is {self.scheduler.at:%d %H:%M:%S}")


def _hearings(
    consumers: tuple[Consumer, ...], provides: Mapping[str, object], database: GatedDatabase
) -> dict[Consumer, tuple[GatedDatabase, Callable[..., Any]]]:
    return {
        consumer: (database, consumer.bind(provides))
        for consumer in consumers
        if consumer.mode == "queue" and consumer.event.publisher() in {"payment", "library", "catalog"}
    }


async def _is_new(tx: Transaction, hearing: Hearing) -> bool:
    return bool(await tx.fetch_value(_REMEMBER, hearing.consumer.name, hearing.told.event_id))


async def _call(handler: Callable[..., Any], event: Event, tx: Transaction, delivery: Delivery) -> None:
    await handler(event=event, tx=tx, delivery=delivery)
