"""Account, run as in production: real servers, a database of its own, and people who have registered."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.embedded.simulator import SimulatorServer
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.account.app import service
from samovar.services.auth.contract.events import AccountRegistered
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


@pytest.fixture(scope="module")
async def account(
    postgres: PostgresServer,
    redis_url: str,
    nats_url: str,
    issuer: Issuer,
    messages_simulator: SimulatorServer,
) -> AsyncIterator[Running]:
    async with running(
        service,
        postgres=postgres,
        redis_url=redis_url,
        nats_url=nats_url,
        issuer=issuer,
        messages=Messages.of(messages_simulator),
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
