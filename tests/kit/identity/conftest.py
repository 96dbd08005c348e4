"""An issuer that forges, and a verifier that should not be fooled."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier
from samovar.testing.clock import FakeClock
from tests.kit.identity.forge import Forge


@pytest.fixture
async def issuer(clock: FakeClock) -> AsyncIterator[Forge]:
    """Run an issuer on the test's clock."""
    async with Forge(clock) as issuer:
        yield issuer


@pytest.fixture
def verifier(issuer: Forge, redis: Redis, clock: FakeClock) -> Verifier:
    """Return a verifier that trusts the issuer."""
    return issuer.verifier(Revocations(redis, clock))
