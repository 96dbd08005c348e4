"""Achievements and stats: kept before they are told, told once, in spite of lost answers."""

from datetime import datetime

import pytest

from samovar.kit.ids import new_id
from samovar.sdk.progress import Progress
from tests.sdk.conftest import Player
from tests.services.library.achievements.studio import Studio, achievement, stat


@pytest.fixture
async def progress(player: Player) -> Progress:
    """A game with things to achieve, told from a device of a player."""
    studio = Studio(player.library)
    studio.app_id, studio.path = player.game_id, f"/v1/dev/apps/{player.game_id}/achievements"
    await studio.found(studio.organisation_id)
    defined = await studio.define(
        achievement("first"),
        achievement("tenth", target=10),
        stats=[stat("cups", is_increment_only=True), stat("speed", "avgrate")],
    )
    assert defined.status == 200, defined.body
    device = player.device("pc")
    return Progress(device.api, device.state, game_id=player.game_id, clock=player.clock, new_id=new_id)


async def _had(progress: Progress) -> dict[str, tuple[int, bool]]:
    return {
        one["key"]: (one["progress"], one["unlocked_at"] is not None) for one in await progress.achievements()
    }


async def test_what_is_told_offline_arrives_when_the_platform_does(
    player: Player, progress: Progress
) -> None:
    player.wire.unplug()
    progress.achieve("first")
    progress.achieve("tenth", 3)
    progress.achieve("tenth", 7)
    progress.achieve("tenth", 5)
    progress.set_stats({"cups": 4})
    progress.set_stats({"cups": 9})
    assert await progress.send() == 3
    achieved_at = player.clock.now()
    player.clock.pass_minutes(60)
    player.wire.plug()
    assert await progress.send() == 0
    assert await _had(progress) == {"first": (1, True), "tenth": (7, False)}
    first = next(one for one in await progress.achievements() if one["key"] == "first")
    # By the clock of the device, when it was played, not when it was told.
    assert datetime.fromisoformat(first["unlocked_at"]) == achieved_at
    assert await progress.stats() == {"cups": 9, "speed": 0}


async def test_a_rate_counts_once_though_its_answer_is_lost(player: Player, progress: Progress) -> None:
    progress.add_rate("speed", 30, 3_600)
    player.wire.lose_answer_to(b"PATCH")
    assert await progress.send() == 1
    player.wire.plug()
    assert await progress.send() == 0
    progress.add_rate("speed", 10, 3_600)
    assert await progress.stats() == {"cups": 0, "speed": 20}


async def test_what_the_game_does_not_define_holds_nothing_up(progress: Progress) -> None:
    progress.achieve("no-such")
    progress.achieve("first")
    assert await progress.send() == 0
    assert progress.refused() == [("achievement:no-such", "library.achievement_not_found")]
    assert (await _had(progress))["first"][1]


async def test_an_achievement_that_was_told_is_not_told_again(player: Player, progress: Progress) -> None:
    progress.achieve("first")
    assert await progress.send() == 0
    player.wire.unplug()
    progress.achieve("first")
    assert await progress.send() == 0
