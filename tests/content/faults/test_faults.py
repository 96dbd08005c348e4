"""Whatever happens, a folder is the old build, the new one or resumable; `python -m tests.content.faults` plays any number of seeds."""

from pathlib import Path

import pytest

from tests.content.faults.playing import play

SEEDS = 60
PLANTED = (25, 28, 29, 36, 40, 43, 53)


@pytest.mark.parametrize("first", range(1, SEEDS + 1, 10))
async def test_random_faults_leave_the_old_build_the_new_one_or_a_resumable_one(
    tmp_path: Path, first: int
) -> None:
    verdicts = [await play(seed, tmp_path / f"{seed}") for seed in range(first, first + 10)]
    assert {verdict.seed: verdict.faults for verdict in verdicts if verdict.faults} == {}
    assert sum(verdict.hit for verdict in verdicts) > 10


async def test_the_judge_sees_an_installer_that_does_not_sync(tmp_path: Path) -> None:
    verdicts = [await play(seed, tmp_path / f"{seed}", forgets_to_sync=True) for seed in PLANTED]
    assert any(verdict.faults for verdict in verdicts)


async def test_a_seed_repeats_itself(tmp_path: Path) -> None:
    one, other = [await play(10, tmp_path / name) for name in ("one", "other")]
    assert one.trace
    assert one._replace(answers=[]) == other._replace(answers=[])
