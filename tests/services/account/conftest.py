"""Account, run as in production: real servers, a database of its own, and people who have registered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import grpc.aio
import msgspec
import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.embedded.simulator import SimulatorServer
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.account.app import service
from samovar.services.auth.contract.events import AccountRegistered
from samovar.services.catalog.contract.v1_pb2 import BatchGetPackagesResponse, Package
from samovar.services.catalog.contract.v1_pb2_grpc import PackagesServicer, add_PackagesServicer_to_server
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer
from samovar.testing.messages import Messages

# What account cannot do without, and limits that the tests of one module together would hit.
ACCOUNT_SETTINGS: dict[str, Any] = {
    "code_secret": uuid4().hex,
    "codes_per_network_max": "1000",
    "codes_per_phone_block_max": "1000",
    "reverse_call_number": "+74950000000",
}


class Shop(PackagesServicer):
    """Catalog, as far as it is asked what is sold: everything, but what a test says."""

    def __init__(self) -> None:
        self.unknown: set[str] = set()
        self.states: dict[str, str] = {}
        self.away = False

    async def BatchGetPackages(self, request: Any, context: Any) -> BatchGetPackagesResponse:  # noqa: N802
        """Return packages."""
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        return BatchGetPackagesResponse(
            packages={
                one: Package(state=self.states.get(one, "on_sale"))
                for one in request.package_ids
                if one not in self.unknown
            }
        )


class OpenShop(msgspec.Struct):
    """A shop, and where it answers."""

    shop: Shop
    address: str


@asynccontextmanager
async def opened_shop() -> AsyncIterator[OpenShop]:
    """Let a shop answer."""
    shop = Shop()  # type: ignore[abstract]  # the rest is not asked
    server = grpc.aio.server()
    add_PackagesServicer_to_server(shop, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    try:
        yield OpenShop(shop, address)
    finally:
        await server.stop(None)


@pytest.fixture(scope="module")
async def open_shop() -> AsyncIterator[OpenShop]:
    async with opened_shop() as opened:
        yield opened


@pytest.fixture(scope="module")
async def account(
    postgres: PostgresServer,
    redis_url: str,
    nats_url: str,
    issuer: Issuer,
    messages_simulator: SimulatorServer,
    open_shop: OpenShop,
) -> AsyncIterator[Running]:
    async with running(
        service,
        postgres=postgres,
        redis_url=redis_url,
        nats_url=nats_url,
        issuer=issuer,
        messages=Messages.of(messages_simulator),
        peers={"catalog": open_shop.address},
        **ACCOUNT_SETTINGS,
    ) as started:
        yield started


@pytest.fixture
async def own_database(postgres: PostgresServer) -> AsyncIterator[Database]:
    """Return an empty database of account, for use cases that a test runs at a time of its own."""
    url = await postgres.create(f"account_{uuid4().hex[:12]}")
    await migrate(Secret(url), service.migrations)
    opened = await Database.open(Secret(url), service="account", pool_size_min=0, pool_size_max=2)
    yield opened
    await opened.close()


def registered(**said: Any) -> AccountRegistered:
    """Return the event of somebody new."""
    return AccountRegistered(
        **{"account_id": uuid4(), "display_name": "Анна", "registered_at": datetime.now(UTC), **said}
    )


async def person(account: Running, **said: Any) -> UUID:
    """Let somebody register, and return their id when account knows them.

    Args:
        account: The service.
        said: Fields of `AccountRegistered`: `email="…"`, `birth_date=…`.
    """
    event = registered(**said)
    await account.announce(event)
    await account.until("SELECT true FROM accounts WHERE id = $1", event.account_id)
    return event.account_id
