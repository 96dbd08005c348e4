"""Account, run as in production: real servers, a database of its own, and people who have registered."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.services.account.app import service
from samovar.services.auth.contract.events import AccountRegistered
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer


@pytest.fixture(scope="module")
async def account(
    postgres: PostgresServer, redis_url: str, nats_url: str, issuer: Issuer
) -> AsyncIterator[Running]:
    async with running(
        service, postgres=postgres, redis_url=redis_url, nats_url=nats_url, issuer=issuer
    ) as started:
        yield started


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
