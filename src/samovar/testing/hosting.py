"""Run one service for a test as production runs it: its own database, real servers, REST and gRPC on free ports."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import aiohttp
import grpc.aio
import msgspec
from yarl import URL

from samovar.embedded.postgres import PostgresServer
from samovar.kit.bus import Bus, Message
from samovar.kit.database import Database
from samovar.kit.events import Event
from samovar.kit.host import Host
from samovar.kit.identity import RoleGrant
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.rpc.client import Peers
from samovar.kit.runtime import Service
from samovar.kit.settings import PlatformSettings, Secret, ServiceAddress
from samovar.kit.workers import Where
from samovar.testing.issuer import ORIGIN, Issuer
from samovar.testing.messages import Messages

WAIT_S = 30.0
_POLL_S = 0.02

E = TypeVar("E", bound=Event)


class Answer(msgspec.Struct, frozen=True):
    """What REST answered."""

    status: int
    headers: dict[str, str]
    body: Any


class Running:
    """A running service, as a test speaks to it."""

    def __init__(
        self, service: Service, host: Host, platform: PlatformSettings, issuer: Issuer, database: Database
    ) -> None:
        self.service = service
        self.host = host
        self.database = database
        self.issuer = issuer
        self._platform = platform
        self._session = aiohttp.ClientSession(f"http://{host.rest_address}")

    async def request(
        self,
        method: str,
        path: str | URL,
        *,
        account_id: UUID | None = None,
        roles: tuple[str, ...] = ("player",),
        grants: tuple[RoleGrant, ...] = (),
        acr: str = "aal1",
        proved_ago_s: int = 0,
        **more: Any,
    ) -> Answer:
        """Ask over REST; as somebody when `account_id` is given, who proved who they are `proved_ago_s` ago."""
        headers = dict(more.pop("headers", {}))
        if account_id:
            token = self.issuer.token(
                account_id=account_id, roles=roles, grants=grants, acr=acr, proved_ago_s=proved_ago_s
            )
            headers["Authorization"] = f"Bearer {token}"
        async with self._session.request(method, path, headers=headers, **more) as answer:
            body = await answer.read()
            is_json = "json" in answer.content_type
            return Answer(
                answer.status,
                {name.lower(): value for name, value in answer.headers.items()},
                msgspec.json.decode(body) if body and is_json else body,
            )

    @asynccontextmanager
    async def channel(self) -> AsyncIterator[grpc.aio.Channel]:
        """Open a gRPC channel to the service, as another service has it."""
        addresses = {self.service.name: ServiceAddress(self.host.rest_address, self.host.rpc_address)}
        peers = Peers(msgspec.structs.replace(self._platform, addresses=addresses))
        yield peers.channel(self.service.name)
        await peers.close()

    async def events(self, kind: type[E]) -> list[E]:
        """Return the events of a kind that the service has put into its outbox, oldest first."""
        rows = await self.database.fetch(
            "SELECT payload::text AS payload FROM kit.outbox WHERE subject = $1 ORDER BY seq",
            kind.subject,
            into=_Payload,
        )
        return [msgspec.json.decode(row.payload, type=kind) for row in rows]

    async def announce(self, event: Event, *, event_id: UUID | None = None) -> None:
        """Send an event as the service that publishes it would; the same `event_id` twice is a redelivery."""
        await announce(self._platform.nats_url, event, event_id=event_id)

    async def until(self, sql: str, *args: object) -> Any:
        """Wait until a query returns something true, and return it."""
        async with asyncio.timeout(WAIT_S):
            while not (value := await self.database.fetch_value(sql, *args)):  # noqa: ASYNC110  another process writes
                await asyncio.sleep(_POLL_S)
        return value

    async def close(self) -> None:
        """Close the client's side."""
        await self._session.close()


async def announce(nats_url: Secret, event: Event, *, event_id: UUID | None = None) -> None:
    """Send an event as the service that publishes it would; the same `event_id` twice is a redelivery."""
    bus = await Bus.connect(nats_url, "test")
    await bus.ensure_stream(type(event).publisher())
    headers = {
        "ce-specversion": "1.0",
        "ce-id": str(event_id or new_id()),
        "ce-type": event.subject,
        "ce-time": datetime.now(UTC).isoformat(),
    }
    message = Message(
        subject=event.subject,
        message_id=str(new_id()),
        headers=headers,
        payload=msgspec.json.encode(event),
    )
    published = await bus.publish([message])
    await bus.close()
    if published.error:
        raise published.error


class _Payload(msgspec.Struct, frozen=True):
    payload: str


@asynccontextmanager
async def running(
    service: Service,
    *,
    postgres: PostgresServer,
    redis_url: str,
    nats_url: str,
    issuer: Issuer,
    where: Where = "inline",
    messages: Messages | None = None,
    peers: Mapping[str, str] | None = None,
    rpc_secret: str | None = None,
    **settings: str,
) -> AsyncIterator[Running]:
    """Run a service on a fresh database; `settings` are its settings as environment text, `entries_max="3"`.

    With `messages` its mails, text messages and calls go there; else nowhere. `peers` are the gRPC addresses of other services;
    those that are to answer share the `rpc_secret`.
    """
    section = service.name.upper()
    database_url = await postgres.create(f"{service.name}_{new_id().hex[-12:]}")
    await migrate(Secret(database_url), service.migrations)
    platform = PlatformSettings(
        environment="test",
        origin=ORIGIN,
        redis_url=Secret(redis_url),
        nats_url=Secret(nats_url),
        jwks_url=issuer.jwks_url,
        rpc_secret=Secret(rpc_secret or os.urandom(16).hex()),
        rest_port=0,
        rpc_port=0,
        drain_timeout_s=2.0,
        addresses={name: ServiceAddress(rest="", rpc=address) for name, address in (peers or {}).items()},
        mail_url=Secret(messages.settings["mail_url"]) if messages else None,
        phone_gateway_url=Secret(messages.settings["phone_gateway_url"]) if messages else None,
    )
    environ = {f"SAMOVAR_{section}__DATABASE_URL": database_url}
    environ |= {f"SAMOVAR_{section}__{name.upper()}": value for name, value in settings.items()}
    database = await Database.open(
        Secret(database_url), service=service.name, pool_size_min=0, pool_size_max=2
    )
    async with Host([service], platform=platform, environ=environ, where=where) as host:
        client = Running(service, host, platform, issuer, database)
        yield client
        await client.close()
    await database.close()
