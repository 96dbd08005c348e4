"""The simulated identity services, and the platform's adapters pointed at them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack

import msgspec
import pytest

from samovar.embedded.ports import ReservedPort
from samovar.kit.clock import SystemClock
from samovar.services.auth.providers.adapters.port import Provider
from samovar.services.auth.providers.adapters.registry import build
from samovar.services.auth.providers.settings import ProviderName
from samovar.simulators.identity.clients import settings_of
from samovar.simulators.identity.program import Simulators, running
from tests.services.auth.conftest import Auth, Installation
from tests.services.auth.providers.browsing import Browser, browsing
from tests.services.auth.providers.travelling import clients_at

TIMEOUT_S = 2.0


@pytest.fixture(scope="session")
async def program() -> AsyncIterator[Simulators]:
    """Run the identity services."""
    port = ReservedPort()
    port.lend()
    async with running(port.number) as simulators:
        yield simulators
    port.release()


@pytest.fixture
async def simulators(program: Simulators) -> AsyncIterator[Simulators]:
    """Give the identity services without any fault."""
    yield program
    for service in ("vk", "yandex", "tid", "sber", "telegram"):
        program.plant(service, "none")


@pytest.fixture(scope="session")
async def adapters(program: Simulators) -> AsyncIterator[Mapping[ProviderName, Provider]]:
    """Build all adapters as `app.py` does."""
    async with AsyncExitStack() as closing:
        yield await build(
            clients_at(program.address),
            timeout_s=TIMEOUT_S,
            in_production=False,
            clock=SystemClock(),
            closing=closing,
        )


@pytest.fixture(scope="session")
async def provided(installation: Installation, program: Simulators) -> AsyncIterator[Auth]:
    """Run auth with all providers, at the identity services."""
    providers = msgspec.json.encode(settings_of(program.address)).decode()
    async with installation.process(providers=providers, provider_timeout_s=TIMEOUT_S) as auth:
        yield auth


@pytest.fixture
async def browser(provided: Auth, simulators: Simulators) -> AsyncIterator[Browser]:
    """Open a browser in front of it."""
    del simulators
    async with browsing(provided) as browser:
        yield browser
