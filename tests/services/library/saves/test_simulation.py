"""Three devices with spans offline, in 2,000 orders: no version is lost, and rules that lose one are found."""

import msgspec
import pytest

from samovar.services.library.saves import domain
from samovar.services.library.saves.domain import Decision, File, Upload
from tests.services.library.saves import simulation


def test_three_devices_lose_no_version() -> None:
    assert sum(simulation.run(seed) for seed in range(2_000)) > 10_000


def test_a_rule_by_which_the_last_writer_wins_is_found() -> None:
    def decide(file: File | None, upload: Upload) -> Decision:
        decision = domain.decide(file, upload)
        return Decision() if decision.is_unresolved else decision

    with pytest.raises(AssertionError):
        _run_some(decide)


def test_a_side_that_is_taken_for_settled_is_found() -> None:
    def decide(file: File | None, upload: Upload) -> Decision:
        return msgspec.structs.replace(domain.decide(file, upload), is_unresolved=False)

    with pytest.raises(AssertionError):
        _run_some(decide)


def _run_some(decide: simulation.Decide) -> None:
    for seed in range(200):
        simulation.run(seed, decide)
