"""A process that runs services: one REST port, one gRPC port, their consumers and jobs, in one loop.

Start: connect, build each service, listen, then say ready. A part that is away at start is waited for, so that the order in
which things are started does not matter. Stop: say draining, take nothing new, finish what is under way, then close.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from importlib import resources
from importlib.metadata import version
from typing import Any, Self, TypeVar

import structlog
from redis.asyncio import Redis

from samovar.kit import logs, metrics, redis, tracing
from samovar.kit.broadcasts import Broadcasts
from samovar.kit.bus import Bus
from samovar.kit.cache import Cache
from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.errors import Unavailable
from samovar.kit.events import Consumer
from samovar.kit.i18n import Catalogue
from samovar.kit.idempotency import Idempotency
from samovar.kit.identity import Permissions
from samovar.kit.identity.keys import KeySet
from samovar.kit.identity.places import Places
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier
from samovar.kit.ids import new_id
from samovar.kit.inbox import Inbox
from samovar.kit.injection import bind
from samovar.kit.limits import Limits
from samovar.kit.locks import Locks
from samovar.kit.messages import Outgoing
from samovar.kit.messages.channels import ways_of
from samovar.kit.messages.sender import Sender
from samovar.kit.migrations import pending
from samovar.kit.outbox import Relay
from samovar.kit.personal_data.erasing import Eraser
from samovar.kit.personal_data.rpc import Holder, PersonalDataRpc
from samovar.kit.personal_data.v1_pb2_grpc import add_PersonalDataServicer_to_server
from samovar.kit.rest.app import HostedRoutes, build_app
from samovar.kit.rest.gatekeeper import Gatekeeper
from samovar.kit.rest.health import Check, Health
from samovar.kit.rest.observer import Observer
from samovar.kit.rest.server import RestServer
from samovar.kit.rpc.client import Peers
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.runtime import Kit, Service
from samovar.kit.settings import PlatformSettings, ServiceSettings, config_file, load
from samovar.kit.tasks import stop
from samovar.kit.workers import Jobs, Where

RETRY_EVERY_S = 1.0
READY_PROBE = "SELECT 1"

T = TypeVar("T")
log = structlog.get_logger(__name__)


async def serve(
    services: Sequence[Service],
    *,
    environ: Mapping[str, str],
    listeners: Sequence[Consumer] = (),
    where: Where = "inline",
) -> None:
    """Run services until SIGTERM or SIGINT.

    Args:
        services: What to run.
        environ: Where settings come from.
        listeners: Broadcast consumers that every process has, whatever it runs.
        where: `worker` runs the services' heavy jobs and nothing else of them.
    """
    platform = load(PlatformSettings, "platform", environ=environ, file=config_file(environ))
    names = "+".join(service.name for service in services)
    logs.configure(service=names, log_format=platform.log_format, level=platform.log_level)
    tracing.configure(names, platform.otlp_endpoint, platform.trace_sample_ratio)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with Host(services, platform=platform, environ=environ, listeners=listeners, where=where) as host:
        log.info("ready", services=names, rest=host.rest_address, rpc=host.rpc_address)
        await stop.wait()
        log.info("draining", services=names)
    tracing.shutdown()
    log.info("stopped", services=names)


class Host:
    """The services of one process, running inside `async with`.

    Attributes:
        rest_address: `host:port`.
        rpc_address: `host:port`.
    """

    rest_address: str
    rpc_address: str

    def __init__(
        self,
        services: Sequence[Service],
        *,
        platform: PlatformSettings,
        environ: Mapping[str, str],
        listeners: Sequence[Consumer] = (),
        where: Where = "inline",
    ) -> None:
        self._services = services if where == "inline" else [_heavy_part(service) for service in services]
        self._where = where
        self._platform = platform
        self._environ = environ
        self._listeners = listeners
        self._clock = SystemClock()
        self._closing = AsyncExitStack()
        self._holders: dict[str, Holder] = {}
        self.health = Health(services=tuple(service.name for service in services), version=version("samovar"))

    async def __aenter__(self) -> Self:
        """Start everything; when this returns, requests may come."""
        try:
            await self._start()
        except BaseException:
            await self._closing.aclose()
            raise
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Drain, then close in the reverse order of starting."""
        self.health.phase = "draining"
        await self._closing.aclose()

    async def _start(self) -> None:
        platform, closing = self._platform, self._closing
        names = "+".join(service.name for service in self._services)
        connection = redis.connect(platform.redis_url)
        closing.push_async_callback(connection.aclose)
        bus = await Bus.connect(platform.nats_url, names, replicas=platform.nats_replicas)
        closing.push_async_callback(bus.close)
        peers = Peers(platform)
        closing.push_async_callback(peers.close)
        verifier = Verifier(
            issuer=platform.origin,
            keys=KeySet(platform.jwks_url, self._clock),
            revocations=Revocations(connection, self._clock),
            clock=self._clock,
        )
        self._watch(connection, bus)
        places = Places(peers, self._clock)
        hosted = [
            await self._build(service, connection, bus, peers, verifier, places) for service in self._services
        ]
        rpc = RpcServer(secret=platform.rpc_secret, verifier=verifier)
        for service, routes in zip(self._services, hosted, strict=True):
            for declared in service.rpc:
                rpc.host(service.name, declared, routes.provides)
        rpc.host(names, Rpc(add_PersonalDataServicer_to_server, PersonalDataRpc), {"holders": self._holders})
        await self._listen(names, hosted, rpc)
        self._spawn(verifier.keep_fresh(), "verifier")
        self._spawn(metrics.watch_loop(), "loop lag")
        self.health.phase = "running"

    async def _build(
        self,
        service: Service,
        connection: Redis,
        bus: Bus,
        peers: Peers,
        verifier: Verifier,
        places: Places,
    ) -> HostedRoutes:
        """Build one service and start what it does without being asked."""
        settings = load(
            service.settings, service.name, environ=self._environ, file=config_file(self._environ)
        )
        database = await self._open(service, settings) if isinstance(settings, ServiceSettings) else None
        outgoing = self._open_messages(database) if service.sends_messages and database else None
        kit = Kit(
            platform=self._platform,
            clock=self._clock,
            new_id=new_id,
            redis=connection,
            cache=Cache(connection, service.name),
            locks=Locks(connection, service.name),
            limits=Limits(connection, service.name),
            peers=peers,
            verifier=verifier,
            closing=self._closing,
            own_database=database,
            own_outgoing=outgoing,
        )
        provides = await _patiently(lambda: service.build(kit, settings), f"{service.name} is built")
        heard = {**provides, "verifier": verifier}
        # What every process must hear, it hears once, with the first of its services.
        listeners = [*kit.listeners, *(self._listeners if service is self._services[0] else ())]
        broadcasts = Broadcasts(service.name, [*service.consumers, *listeners], heard, bus=bus)
        self._spawn(broadcasts.run(), "broadcasts")
        jobs = [job for job in service.jobs if job.where == self._where]
        self._spawn(Jobs(service.name, jobs, provides, database).run(), "jobs")
        if database:
            self._spawn(
                Inbox(service.name, service.consumers, provides, bus=bus, database=database).run(), "inbox"
            )
            self._spawn(Relay(database, bus).run(), "outbox")
        self._holders[service.name] = _holder(service, database, provides, bus, connection)
        return HostedRoutes(
            service=service.name,
            routes=service.routes,
            provides=provides,
            gatekeeper=Gatekeeper(
                verifier,
                Permissions(service.permissions),
                self._clock,
                staff_proves_twice=self._platform.staff_proves_twice,
                places=places,
            ),
            idempotency=Idempotency(database, new_id) if database else None,
        )

    async def _open(self, service: Service, settings: ServiceSettings) -> Database:
        """Open the service's database, and watch it."""
        database = await _patiently(
            lambda: Database.open(
                settings.database_url,
                service=service.name,
                pool_size_min=settings.pool_size_min,
                pool_size_max=settings.pool_size_max,
            ),
            f"{service.name}: PostgreSQL answers",
        )
        self._closing.push_async_callback(database.close)

        async def answers() -> str:
            await database.fetch_value(READY_PROBE)
            return "answers"

        async def schema() -> str:
            missing = await pending(database, service.migrations)
            if missing:
                raise Unavailable(f"migrations are missing: {', '.join(missing)}")
            return "complete"

        self.health.checks.append(Check(f"{service.name}.postgresql", answers, vital=True))
        self.health.checks.append(Check(f"{service.name}.schema", schema, vital=True))
        return database

    def _open_messages(self, database: Database) -> Outgoing:
        """Begin to send what the service promises to people."""
        outgoing = Outgoing(new_id)
        sender = Sender(database, outgoing, ways_of(self._platform, database.service))
        self._spawn(sender.run(), "messages")
        self._closing.push_async_callback(sender.drain)
        return outgoing

    def _watch(self, connection: Redis, bus: Bus) -> None:
        async def redis_answers() -> str:
            await connection.ping()
            return "answers"

        async def nats_answers() -> str:
            if not bus.is_connected:
                raise Unavailable("not connected; events wait in the outbox")
            return "connected"

        self.health.checks.append(Check("redis", redis_answers, vital=False))
        self.health.checks.append(Check("nats", nats_answers, vital=False))

    async def _listen(self, names: str, hosted: Sequence[HostedRoutes], rpc: RpcServer) -> None:
        """Open both ports; closing them is what draining means."""
        platform = self._platform
        locales = [resources.files("samovar.kit") / "locale", *(service.locale for service in self._services)]
        probes = HostedRoutes(names, self.health.routes(), {})
        app = build_app([*hosted, probes], catalogue=Catalogue.load(locales))
        rest = RestServer(Observer(app, names), platform.host, platform.rest_port)
        port = await rpc.start(f"{platform.host}:{platform.rpc_port}")
        self._closing.push_async_callback(rpc.drain, platform.drain_timeout_s)
        await rest.start()
        self._closing.push_async_callback(_within, rest.stop, platform.drain_timeout_s)
        self.rest_address, self.rpc_address = rest.address, f"{platform.host}:{port}"

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run something until the process stops; when it fails, the process must not go on without it."""
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(_ended)
        self._closing.push_async_callback(stop, task)


def _heavy_part(service: Service) -> Service:
    """Return what a worker runs of a service: its jobs. It answers probes, and its outbox still leaves."""
    return replace(service, routes=(), rpc=(), consumers=())


def _holder(
    service: Service, database: Database | None, provides: Mapping[str, object], bus: Bus, connection: Redis
) -> Holder:
    """Return what answers for the personal data of a service."""
    declared = service.personal_data
    before = declared.before_erasing
    eraser = None
    if database:
        eraser = Eraser(
            database,
            declared,
            service.publishes,
            before=bind(before, provides, given=("tx", "account_id")) if before else None,
            bus=bus,
            redis=connection,
        )
    return Holder(declared=declared, database=database, eraser=eraser)


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception():
        log.critical(
            "a part of the process died, so the process stops",
            part=task.get_name(),
            exc_info=task.exception(),
        )
        signal.raise_signal(signal.SIGTERM)


async def _within(stop: Callable[[], Awaitable[None]], timeout_s: float) -> None:
    try:
        await asyncio.wait_for(stop(), timeout_s)
    except TimeoutError:
        log.warning("requests were cut off", after_s=timeout_s)


async def _patiently(attempt: Callable[[], Awaitable[T]], what: str) -> T:
    """Try until a part that is away has come."""
    while True:
        try:
            return await attempt()
        except Unavailable as error:
            log.warning("waiting", until=what, error=str(error))
            await asyncio.sleep(RETRY_EVERY_S)
