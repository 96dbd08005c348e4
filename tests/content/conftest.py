"""What the tests of installations share."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.content.install.shop import Shop


@pytest.fixture(scope="module", name="threads")
def _threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


@pytest.fixture(name="shop")
def _shop(tmp_path: Path, threads: ThreadPoolExecutor) -> Shop:
    return Shop(tmp_path / "store", threads)
