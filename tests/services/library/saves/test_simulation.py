"""Three devices with spans offline, in 2,000 orders: no version is lost."""

from tests.services.library.saves import simulation


def test_three_devices_lose_no_version() -> None:
    assert sum(simulation.run(seed) for seed in range(2_000)) > 10_000
