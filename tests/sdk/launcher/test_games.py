"""Our own games, launched beside the real library: their achievements are accepted, unlocked and saved; an update goes on."""

import json
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from samovar.demo.games.building import SLUGS, build, page_of
from samovar.sdk.api import Api, FixedToken
from samovar.sdk.client import GameClient, Place
from samovar.sdk.clock import SystemClock
from samovar.sdk.launcher.description import choose, read
from samovar.sdk.launcher.running import Launcher, Outcome
from tests.sdk.conftest import Player
from tests.services.library.achievements.studio import Studio

UNLOCKED = {
    "tea-line": {"first-cup", "steady-hand", "samovar-empty"},
    "last-samovar": set[str](),
    "embers": {"first-boil", "season"},
}
COUNTED = {"tea-line": "levels", "last-samovar": "nights", "embers": "evenings"}


async def _play(player: Player, folder: Path, device: str) -> tuple[Outcome, set[str], Mapping[str, float]]:
    own = folder.parent / device
    place = Place(game_id=player.game_id, device_id=device, state=own / "state", saves=own / "saves")
    async with GameClient(Api(player.wire.origin, FixedToken(player.token())), place) as client:
        option = choose(read(folder), "headless")
        launcher = Launcher(client, folder, option, language="ru", clock=SystemClock())
        outcome = await launcher.play()
        had = {one["key"] for one in await client.progress.achievements() if one["unlocked_at"]}
        assert client.progress.refused() == []
        return outcome, had, await client.progress.stats()


@pytest.mark.parametrize("slug", SLUGS)
async def test_a_game_of_ours_is_published_played_and_updated(
    slug: str, player: Player, tmp_path: Path
) -> None:
    page = page_of(slug)
    studio = Studio(player.library)
    studio.app_id, studio.path = player.game_id, f"/v1/dev/apps/{player.game_id}/achievements"
    await studio.found(studio.organisation_id)
    defined = await studio.define(*page.achievements, stats=page.stats)
    assert defined.status == 200, defined.body
    phrases = msgspec.to_builtins(page.phrases)
    worded = await studio.ask("PUT", f"/v1/dev/apps/{studio.app_id}/phrases", json={"phrases": phrases})
    assert worded.status == 200, worded.body

    build(slug, tmp_path / "game")
    first, had, stats = await _play(player, tmp_path / "game", "pc")
    assert (first.exit_code, first.waiting) == (0, 0)
    assert had >= UNLOCKED[slug]
    assert any(key.startswith("end-") for key in had) == (slug == "last-samovar")
    counted = stats[COUNTED[slug]]
    assert counted > 0
    assert first.after
    assert len(first.after.uploaded) == 1

    # On another machine, with the update: the save is there, and the new part of the game as well.
    build(slug, tmp_path / "game", version=2)
    second, still, more = await _play(player, tmp_path / "game", "deck")
    assert second.exit_code == 0
    assert second.before
    assert second.before.downloaded == first.after.uploaded
    assert still >= had
    assert more[COUNTED[slug]] > counted
    (save,) = (tmp_path / "deck" / "saves").iterdir()
    assert json.loads(save.read_text())
    assert (await player.played())[1] == ["ended", "ended"]
