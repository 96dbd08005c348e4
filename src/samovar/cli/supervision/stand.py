"""The whole platform on one machine: which servers and services there are, in what order they start, where they answer."""

import asyncio
import contextlib
import os
import re
import time
from collections.abc import Coroutine, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal

import asyncpg
import msgspec

from samovar.cli.discovery import folder_of
from samovar.cli.supervision.client_process import NAME as CLIENT
from samovar.cli.supervision.client_process import ClientProcess
from samovar.cli.supervision.gateway import Gateway
from samovar.cli.supervision.journal import Journal
from samovar.cli.supervision.service_process import (
    ServiceProcess,
    ports_of,
    secrets_of,
    settings_of,
    stores_of,
)
from samovar.cli.supervision.simulations import WEBHOOKS, Simulated, wanted
from samovar.cli.supervision.supervisor import MARK, Supervisor
from samovar.embedded.binaries import ServerError
from samovar.embedded.nats import NatsServer
from samovar.embedded.ports import LOOPBACK, ReservedPort
from samovar.embedded.postgres import PostgresServer, create_database
from samovar.embedded.process import OnLine, kept_secret, write_private
from samovar.embedded.redis import RedisServer
from samovar.kit.errors import Unavailable
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret, ServiceSettings, config_file, load, variable_of

RECORD = "up.json"
_NOTEWORTHY = re.compile(r"\[(WRN|ERR|FTL)\]|WARNING|ERROR|FATAL|PANIC|\[(warning|error|critical)\]")

# What PostgreSQL says to everybody who asks while it comes back; the supervisor has said so once.
_EXPECTED = re.compile(r"the database system is |terminating connection due to |recovery state has not")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to run.

    Attributes:
        port: The gateway's port; 0 takes a free one.
        state: The folder that holds all data.
        services: The names of the services to start.
        single: One process for all services.
        postgres_url: The administrator's address of a PostgreSQL that is there already.
        envoy: With `none` the services alone run, with no gateway before them.
        given: The variables of settings that the operator has set; what they name is neither started nor replaced.
        simulates: The outside world is played by simulators where the operator has not set it; never in production.
        shows: An empty store is filled with the showcase.
        client: The web client runs too.
    """

    port: int
    state: Path
    services: tuple[str, ...]
    single: bool
    postgres_url: Secret | None
    envoy: Literal["embedded", "none"]
    given: frozenset[str]
    simulates: bool = True
    shows: bool = False
    client: bool = False


class Running(msgspec.Struct, frozen=True):
    """One process, as `up.json` shows it."""

    pid: int | None
    port: int
    log: str


class Record(msgspec.Struct, frozen=True):
    """`up.json`: what runs, for other commands and for tests. It holds secrets.

    Attributes:
        phase: `starting`, `ready` or `stopping`.
        environment: The settings that every service gets, and each one's `SAMOVAR_<SERVICE>__DATABASE_URL`.
    """

    pid: int
    phase: str
    port: int
    processes: dict[str, Running]
    environment: dict[str, str]
    timings_s: dict[str, float]


class Stand:
    """The servers and services of one `samovar up`.

    Attributes:
        phase: See `Record`.
        timings_s: How long each part of the start took, seconds.
        databases: The address of each service's database, by service.

    Raises:
        PortTaken: The gateway's port is in use.
    """

    def __init__(self, plan: Plan, journal: Journal) -> None:
        self.plan = plan
        self.phase: Literal["starting", "ready", "stopping"] = "starting"
        self.timings_s: dict[str, float] = {}
        self.databases: dict[str, str] = {}
        self.supervisor = Supervisor(journal, on_change=self.record)
        self._journal = journal
        folder = plan.state
        config = folder / "envoy" / "envoy.json"
        self.envoy = Gateway(folder / "envoy", config, port=plan.port, on_line=self._quiet("envoy"))
        if plan.envoy == "embedded":
            _ = self.envoy.port  # Held from the first moment: two that start at once cannot both have it.
        self.postgres = PostgresServer(folder / "postgres", on_line=self._quiet("postgresql"))
        self.redis = RedisServer(folder / "redis", on_line=self._quiet("redis"))
        self.nats = NatsServer(folder / "nats", on_line=self._quiet("nats"))
        self.simulated = [
            Simulated(one, folder, partial(journal.line, one.name))
            for one in (wanted(plan.given) if plan.simulates else ())
        ]
        groups = {"services": plan.services} if plan.single else {name: (name,) for name in plan.services}
        self.services = [
            ServiceProcess(folder / "services" / title, title, names, on_line=partial(journal.line, title))
            for title, names in groups.items()
        ]
        self.client = ClientProcess(folder / CLIENT, on_line=partial(journal.line, CLIENT))
        self._ports = {(name, port): _lent_port() for name in plan.services for port in ports_of(name)}

    async def start(self) -> None:
        """Start everything and wait until the gateway answers.

        Raises:
            ServerError: A part cannot start.
            MigrationError: A migration cannot be applied.
        """
        with self._timed("servers"):
            self.supervisor.open_group()
            for one in self.simulated:
                one.server.marks = {MARK: str(self.plan.state), WEBHOOKS: self._webhooks}
            own = [*self._own_servers(), *(one.server for one in self.simulated)]
            await _all(self.supervisor.start(server) for server in own)
        with self._timed("services"):
            self.supervisor.open_group()
            # A starting service computes: more of them at once than cores makes each slower and none ready earlier.
            turns = asyncio.Semaphore(os.cpu_count() or 1)
            starts = [self._start_service(service, turns) for service in self.services]
            if self.plan.client:
                starts.append(self._start_client(turns))
            if self.plan.envoy == "embedded":
                settings = os.environ | self.environment("gateway")
                starts.append(asyncio.to_thread(self.envoy.write_config, settings))
            await _all(starts)
        if self.plan.envoy == "embedded":
            with self._timed("gateway"):
                self.supervisor.open_group()
                await self.supervisor.start(self.envoy)
        self.phase = "ready"
        self.record()

    async def stop(self) -> None:
        """Stop the gateway, then the services, which finish what is under way, then the servers."""
        self.phase = "stopping"
        self.record()
        await self.supervisor.stop()
        for port in self._ports.values():
            port.release()
        (self.plan.state / RECORD).unlink(missing_ok=True)

    def record(self) -> None:
        """Write `up.json`."""
        processes = {
            server.title.lower(): Running(
                server.pid, server.port, str(self._journal.path(server.title.lower()))
            )
            for server in self.supervisor.servers
        }
        record = Record(
            pid=os.getpid(),
            phase=self.phase,
            port=self.gateway_port,
            processes=processes,
            environment=self.environment(*self.plan.services),
            timings_s=self.timings_s,
        )
        unfinished = self.plan.state / f"{RECORD}.new"
        try:
            write_private(unfinished, msgspec.json.format(msgspec.json.encode(record)).decode())
            unfinished.replace(self.plan.state / RECORD)
        except OSError as error:  # A full disk: what runs goes on, and must still be stopped in order.
            self._journal.say(f"{RECORD} cannot be written: {error.strerror}")

    def environment(self, *services: str) -> dict[str, str]:
        """Return the settings of a process that runs `services`, but for what the operator has set.

        A secret that a service needs and nobody has set is made once and kept, like those of the servers.
        """
        addresses = {name: process.address for process in self.services for name in process.services}
        if self.plan.client:
            addresses[CLIENT] = self.client.address
        platform = {
            "origin": f"http://{LOOPBACK}:{self.gateway_port}",
            "redis_url": f"{self.redis.url}/0",
            "nats_url": self.nats.url,
            "rpc_secret": kept_secret(self._secrets / "rpc"),
            "addresses": msgspec.json.encode(addresses).decode(),
            "log_format": "console",
        }
        if "auth" in addresses:
            platform["jwks_url"] = f"http://{addresses['auth'].rest}/.well-known/jwks.json"
        settings = {variable_of("platform", name): value for name, value in platform.items()}
        for one in self.simulated:
            settings |= one.settings
        for name in services:
            for port in ports_of(name):
                settings[variable_of(name, port)] = str(self._ports[name, port].number)
            for store, folder in stores_of(name).items():
                settings[variable_of(name, store)] = str(self.plan.state / name / folder)
            for secret in secrets_of(name):
                settings[variable_of(name, secret)] = kept_secret(self._secrets / f"{name}.{secret}")
            if name in self.databases:
                settings[_database_variable(name)] = self.databases[name]
        return {name: value for name, value in settings.items() if name not in self.plan.given}

    @property
    def gateway_port(self) -> int:
        """The port of the gateway, also when any free one was asked for."""
        return self.envoy.port if self.plan.envoy == "embedded" else self.plan.port

    @property
    def _webhooks(self) -> str:
        """Where simulated payment providers send what they have to say."""
        return f"http://{LOOPBACK}:{self.gateway_port}/v1/payments/webhooks"

    @property
    def _secrets(self) -> Path:
        return self.plan.state / "secrets"

    def _own_servers(self) -> Iterator[PostgresServer | RedisServer | NatsServer]:
        if self.plan.postgres_url is None:
            yield self.postgres
        if variable_of("platform", "redis_url") not in self.plan.given:
            yield self.redis
        if variable_of("platform", "nats_url") not in self.plan.given:
            yield self.nats

    async def _start_service(self, process: ServiceProcess, turns: asyncio.Semaphore) -> None:
        async with turns:
            owners = [name for name in process.services if issubclass(settings_of(name), ServiceSettings)]
            await _all(self._prepare_database(name) for name in owners)
            process.settings = self.environment(*process.services) | {MARK: str(self.plan.state)}
            await self.supervisor.start(process)

    async def _start_client(self, turns: asyncio.Semaphore) -> None:
        async with turns:
            own = {
                variable_of(CLIENT, "origin"): f"http://{LOOPBACK}:{self.gateway_port}",
                variable_of(CLIENT, "api"): f"http://{LOOPBACK}:{self.envoy.inside.number}",
                variable_of(CLIENT, "log_format"): "console",
                variable_of(CLIENT, "kept"): str(self.plan.state / CLIENT / "files"),
                variable_of(CLIENT, "secret"): kept_secret(self._secrets / "client.secret"),
            }
            wanted = {name: value for name, value in own.items() if name not in self.plan.given}
            self.client.settings = wanted | {MARK: str(self.plan.state)}
            await self.supervisor.start(self.client)

    async def _prepare_database(self, name: str) -> None:
        try:
            url = self._given_database(name) or await self._made_database(name)
            for applied in await migrate(url, folder_of(name) / "migrations"):
                self._journal.line(name, f"applied {applied}")
        except (OSError, asyncpg.PostgresError, Unavailable) as error:
            reason = str(error).partition("\n")[0]
            raise ServerError(f"the database of {name} cannot be prepared: {reason}") from error

    def _given_database(self, name: str) -> Secret | None:
        if _database_variable(name) not in self.plan.given:
            return None
        environ = os.environ | self.environment(name)
        settings = load(settings_of(name), name, environ=environ, file=config_file())
        return settings.database_url if isinstance(settings, ServiceSettings) else None

    async def _made_database(self, name: str) -> Secret:
        external = self.plan.postgres_url
        if external:
            password = kept_secret(self._secrets / f"{name}.database")
            self.databases[name] = await create_database(external.reveal(), name, password)
        else:
            self.databases[name] = await self.postgres.create(name)
        return Secret(self.databases[name])

    def _quiet(self, name: str) -> OnLine:
        """Return what takes the lines of a server: people see those that they can do something about."""

        def line(text: str) -> None:
            show = _NOTEWORTHY.search(text) and not _EXPECTED.search(text)
            self._journal.line(name, text, show=self.phase == "ready" and bool(show))

        return line

    @contextlib.contextmanager
    def _timed(self, part: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.timings_s[part] = round(time.monotonic() - began, 2)


def _lent_port() -> ReservedPort:
    port = ReservedPort()
    port.lend()
    return port


def _database_variable(service: str) -> str:
    return variable_of(service, "database_url")


async def _all(starts: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all at once; the first to fail stops the others, and its error alone comes out."""
    try:
        async with asyncio.TaskGroup() as group:
            for start in starts:
                group.create_task(start)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
