"""What a service is: a declaration that can be read with no settings and no I/O, and `build`, the only place that builds.

    service = Service(
        name="wishlist",
        summary="What players wish for",
        package=__package__,
        settings=WishlistSettings,
        build=build,
        routes=routes_in(api),
        consumers=(consumers.forget_account,),
    )

    async def build(kit: Kit, settings: WishlistSettings) -> Mapping[str, object]:
        return {"wishes": Wishes(kit.database, kit.clock)}

Whatever `build` returns is handed over by parameter name to handlers, consumers, jobs and RPC servicers. A name that
nobody provides is an error at start, not at the first request.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from redis.asyncio import Redis

from samovar.kit.cache import Cache
from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.events import Consumer, Event
from samovar.kit.identity.verifier import Verifier
from samovar.kit.ids import IdSource
from samovar.kit.limits import Limits
from samovar.kit.locks import Locks
from samovar.kit.messages import Outgoing
from samovar.kit.personal_data import PersonalData
from samovar.kit.routes import Route
from samovar.kit.rpc.client import Peers
from samovar.kit.rpc.server import Rpc
from samovar.kit.settings import PlatformSettings, ServiceSettings, Settings
from samovar.kit.workers import Job


@dataclass(frozen=True, kw_only=True)
class Kit:
    """What the kit hands to a service's `build`.

    Attributes:
        platform: The settings that all processes share.
        redis: For what cache, locks and limits do not cover.
        peers: gRPC channels to other services.
        verifier: Checks access tokens.
        closing: Enter what must be closed when the process stops.
        listeners: Add broadcast consumers that are known only when the service is built.
    """

    platform: PlatformSettings
    clock: Clock
    new_id: IdSource
    redis: Redis
    cache: Cache
    locks: Locks
    limits: Limits
    peers: Peers
    verifier: Verifier
    closing: AsyncExitStack
    own_database: Database | None = None
    own_outgoing: Outgoing | None = None
    listeners: list[Consumer] = field(default_factory=list)

    @property
    def database(self) -> Database:
        """The service's own database.

        Raises:
            LookupError: Its settings are no `ServiceSettings`, so it has none.
        """
        if self.own_database is None:
            raise LookupError("this service declares no database: derive its settings from ServiceSettings")
        return self.own_database

    @property
    def outgoing(self) -> Outgoing:
        """Where mails, text messages and calls are put that are to be sent.

        Raises:
            LookupError: The service does not declare `sends_messages`.
        """
        if self.own_outgoing is None:
            raise LookupError("this service sends no messages: declare sends_messages=True")
        return self.own_outgoing


Build = Callable[[Kit, Any], Awaitable[Mapping[str, object]]]


async def nothing(_kit: Kit, _settings: Settings) -> Mapping[str, object]:
    """Build nothing: the service has no handlers that need anything."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Service:
    """The declaration of one service.

    Attributes:
        name: Also its folder, database, role, section of settings and first part of its events' subjects.
        summary: What it is for, one line.
        package: Its Python package, where `migrations/` and `locale/` lie.
        settings: Its settings struct.
        build: Makes what its handlers need.
        routes: What it answers over REST.
        rpc: What it answers over gRPC.
        consumers: The events it listens to.
        jobs: What it does by the clock.
        publishes: The events it sends.
        permissions: The permissions it defines and the roles that have each.
        personal_data: What it holds of people, where that is not to be seen from its tables alone.
        sends_messages: It sends mails, text messages or calls: `kit.outgoing`. Needs a database.
    """

    name: str
    summary: str
    package: str
    settings: type[Settings] = ServiceSettings
    build: Build = nothing
    routes: tuple[Route, ...] = ()
    rpc: tuple[Rpc, ...] = ()
    consumers: tuple[Consumer, ...] = ()
    jobs: tuple[Job, ...] = ()
    publishes: tuple[type[Event], ...] = ()
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sends_messages: bool = False
    personal_data: PersonalData = PersonalData()  # noqa: RUF009  It cannot be changed.

    @property
    def has_database(self) -> bool:
        """Whether the service owns a database."""
        return issubclass(self.settings, ServiceSettings)

    @property
    def migrations(self) -> Traversable:
        """The folder of its migrations."""
        return resources.files(self.package) / "migrations"

    @property
    def locale(self) -> Traversable:
        """The folder of its message catalogue."""
        return resources.files(self.package) / "locale"
