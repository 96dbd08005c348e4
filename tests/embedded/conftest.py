"""What the tests of the embedded servers share."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

GONE_WITHIN_S = 10.0
Eventually = Callable[[Callable[[], bool]], "asyncio.Future[None]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder whose name breaks what quotes badly or counts letters as bytes."""
    return tmp_path / "мой 'дом' и сад"


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], object]:
    """Return a function that waits until its condition holds."""

    async def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + GONE_WITHIN_S
        while not condition():
            assert time.monotonic() < deadline, "it never came to pass"
            await asyncio.sleep(0.02)

    return wait
