"""The registers of the state, and what asks them."""

from collections.abc import AsyncIterator

import pytest

from samovar.services.developer.organisations.legal.registers.web import Web
from tests.services.developer.organisations.legal.office import Office, office_open


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with office_open() as opened:
        yield opened


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    opened = Web()
    yield opened
    await opened.close()
