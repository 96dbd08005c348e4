"""What players achieve: once, for good, and only where they play."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from samovar.kit.clock import SystemClock
from samovar.services.library.achievements.earning.use_cases import Rarity
from samovar.services.library.contract.achievement_events import AchievementUnlocked
from samovar.services.library.contract.v1_pb2 import RevokeLicenceRequest
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub
from tests.services.library.achievements.studio import Studio, achievement, stat

ICON, LOCKED = "ab" * 32, "cd" * 32


async def _unlocked(studio: Studio) -> list[AchievementUnlocked]:
    return [one for one in await studio.library.events(AchievementUnlocked) if one.app_id == studio.app_id]


async def test_an_achievement_is_unlocked_once_however_often_it_is_told(studio: Studio) -> None:
    await studio.define(achievement("win", icon=ICON, locked_icon=LOCKED, is_hidden=True))
    me = await studio.player()
    before = (await studio.shown(me))["win"]
    assert (before["text"], before["icon_url"], before["unlocked_at"]) == (None, f"/v1/media/{LOCKED}", None)
    told = await asyncio.gather(*(studio.report(me, "win") for _ in range(5)))
    assert {one.status for one in told} == {200}
    assert sorted(one.body["is_new"] for one in told) == [False] * 4 + [True]
    assert len({one.body["unlocked_at"] for one in told}) == 1
    (event,) = await _unlocked(studio)
    assert (event.account_id, event.key) == (me, "win")
    after = (await studio.shown(me))["win"]
    assert (after["text"], after["icon_url"]) == ({"ru": "Победить"}, f"/v1/media/{ICON}")


async def test_progress_never_goes_back_and_unlocks_at_its_target(studio: Studio) -> None:
    await studio.define(achievement("hundred", target=100))
    me = await studio.player()
    for told, kept in ((30, 30), (20, 30), (99, 99), (0, 99)):
        answer = await studio.report(me, "hundred", progress=told)
        assert (answer.body["progress"], answer.body["unlocked_at"]) == (kept, None)
    done = await studio.report(me, "hundred", progress=250)
    assert (done.body["progress"], done.body["is_new"]) == (100, True)
    late = await studio.report(me, "hundred", progress=40)
    assert (late.body["progress"], late.body["unlocked_at"]) == (100, done.body["unlocked_at"])
    assert len(await _unlocked(studio)) == 1


async def test_what_was_achieved_offline_has_the_time_of_the_client_in_bounds(studio: Studio) -> None:
    await studio.define(*(achievement(key) for key in ("past", "future", "naive")))
    me = await studio.player()
    now = datetime.now(UTC)
    long_ago = await studio.report(me, "past", at=(now - timedelta(days=400)).isoformat())
    # The game was given a moment ago: nothing was achieved before that.
    assert abs(datetime.fromisoformat(long_ago.body["unlocked_at"]) - now) < timedelta(minutes=5)
    ahead = await studio.report(me, "future", at=(now + timedelta(days=1)).isoformat())
    assert datetime.fromisoformat(ahead.body["unlocked_at"]) <= datetime.now(UTC)
    naive = await studio.report(me, "naive", at="2026-11-27T12:00:00")
    assert (naive.status, naive.body["errors"][0]["field"]) == (422, "at")


async def test_only_who_may_play_achieves(studio: Studio) -> None:
    await studio.define(achievement("win"), stats=[stat("kills")])
    stranger = uuid4()
    assert (await studio.report(stranger, "win")).status == 404
    assert (await studio.change(stranger, {"key": "kills", "value": 1})).status == 404
    for what in ("achievements", "stats"):
        path = f"/v1/library/{studio.app_id}/{what}"
        assert (await studio.library.request("GET", path, account_id=stranger)).status == 404
        assert (await studio.library.request("GET", path)).status == 401
    me = await studio.player()
    unknown = await studio.report(me, "lose")
    assert (unknown.status, unknown.body["code"]) == (404, "library.achievement_not_found")
    await studio.report(me, "win")
    async with studio.library.channel() as channel:
        licence = await studio.library.database.fetch_value(
            "SELECT id FROM licences WHERE account_id = $1", me
        )
        await LicencesStub(channel).RevokeLicence(
            RevokeLicenceRequest(licence_id=str(licence), reason="refunded")
        )
    assert (await studio.report(me, "win")).status == 404
    # What one had stays to be seen.
    assert (await studio.shown(me))["win"]["unlocked_at"]


async def test_a_retired_achievement_is_kept_by_those_who_have_it(studio: Studio) -> None:
    await studio.define(achievement("old"), achievement("new"))
    has, has_not = await studio.player(), await studio.player()
    await studio.report(has, "old")
    await studio.define(achievement("new"))
    assert set(await studio.shown(has)) == {"new", "old"}
    assert set(await studio.shown(has_not)) == {"new"}
    assert (await studio.report(has_not, "old")).status == 404


async def test_what_the_server_tells_of_a_client_cannot(studio: Studio) -> None:
    await studio.define(achievement("ranked", trust="server"), stats=[stat("rating", trust="server")])
    me = await studio.player()
    refused = await studio.report(me, "ranked")
    assert (refused.status, refused.body["code"]) == (403, "library.achievement_by_server")
    mine = await studio.change(me, {"key": "rating", "value": 9_000})
    assert (mine.status, mine.body["errors"][0]["code"]) == (422, "stat_by_server")
    session = f"/v1/dev/apps/{studio.app_id}/play-sessions/{await studio.session(me)}"
    awarded = await studio.ask("PUT", f"{session}/achievements/ranked", json={})
    assert (awarded.status, awarded.body["is_new"]) == (200, True)
    changed = await studio.ask("PATCH", f"{session}/stats", json={"stats": [{"key": "rating", "value": 7}]})
    assert changed.body["items"][0]["value"] == 7
    assert (await studio.shown(me))["ranked"]["unlocked_at"]


async def test_a_server_knows_the_sessions_of_its_own_game_alone(studio: Studio) -> None:
    await studio.define(achievement("win"))
    me = await studio.player()
    session_id = await studio.session(me)
    other = Studio(studio.library)
    await other.found(other.organisation_id)
    await other.define(achievement("win"))
    foreign = await other.ask(
        "PUT", f"/v1/dev/apps/{other.app_id}/play-sessions/{session_id}/achievements/win", json={}
    )
    assert (foreign.status, foreign.body["code"]) == (404, "library.played_session_not_found")
    path = f"/v1/dev/apps/{studio.app_id}/play-sessions/{session_id}/achievements/win"
    assert (await other.ask("PUT", path, json={})).status == 404
    assert (await studio.library.request("PUT", path, account_id=me, json={})).status == 403
    await studio.library.database.fetch_value(
        "UPDATE play_sessions SET started_at = $2, last_beat_at = $2, ended_at = $2, end_reason = 'ended' WHERE id = $1",
        session_id,
        datetime.now(UTC) - timedelta(hours=25),
    )
    assert (await studio.ask("PUT", path, json={})).status == 404
    assert await _unlocked(studio) == []


async def test_stats_are_kept_all_or_none(studio: Studio) -> None:
    await studio.define(
        stats=[
            stat("kills", min=0, max=100, max_change=50, is_increment_only=True),
            stat("best", "float", initial=1.5),
            stat("rate", "avgrate", window_s=3_600),
        ]
    )
    me = await studio.player()
    first = await studio.library.request("GET", f"/v1/library/{studio.app_id}/stats", account_id=me)
    assert [one["value"] for one in first.body["items"]] == [0, 1.5, 0]
    refused = await studio.change(
        me, {"key": "best", "value": 9}, {"key": "kills", "value": 51}, {"key": "unknown", "value": 1}
    )
    assert [(one["field"], one["code"]) for one in refused.body["errors"]] == [
        ("stats[1].value", "stat_change_too_large"),
        ("stats[2].key", "stat_unknown"),
    ]
    name = str(uuid4())
    rated = {"key": "rate", "count": 6, "length_s": 1_800}
    for _ in range(2):
        changed = await studio.change(me, {"key": "kills", "value": 40}, rated, update_id=name)
        assert [one["value"] for one in changed.body["items"]] == [40, 1.5, 12]
    late = await studio.change(me, {"key": "kills", "value": 20})
    assert late.body["items"][0]["value"] == 40
    doubled = await studio.change(me, {"key": "best", "value": 2}, {"key": "best", "value": 3})
    assert doubled.status == 422


async def test_rarity_is_counted_among_those_who_played(studio: Studio) -> None:
    await studio.define(achievement("rare"), achievement("never"))
    players = [await studio.player() for _ in range(4)]
    assert (await studio.shown(players[0]))["rare"]["rarity_percent"] is None
    await studio.report(players[0], "rare")
    await studio.library.database.fetch_value(
        "UPDATE library_entries SET first_played_at = now() WHERE app_id = $1 AND account_id = ANY($2)",
        studio.app_id,
        players[:3],
    )
    await studio.library.database.fetch_value(
        "UPDATE achievement_schemas SET counted_at = 'epoch' WHERE app_id = $1", studio.app_id
    )
    await Rarity(studio.library.database, clock=SystemClock()).count()
    shown = await studio.shown(players[1])
    assert (shown["rare"]["rarity_percent"], shown["never"]["rarity_percent"]) == (33.3, 0.0)


async def test_a_developer_begins_anew_and_nobody_else_does(studio: Studio) -> None:
    await studio.define(achievement("win"), stats=[stat("kills")])
    await studio.player(studio.owner_id)
    other = await studio.player()
    for player in (studio.owner_id, other):
        await studio.report(player, "win")
        await studio.change(player, {"key": "kills", "value": 5})
    assert (await studio.ask("POST", f"{studio.path}/reset")).status == 204
    assert (await studio.shown(studio.owner_id))["win"]["unlocked_at"] is None
    assert (await studio.shown(other))["win"]["unlocked_at"]
    assert (await studio.library.request("POST", f"{studio.path}/reset", account_id=other)).status == 403
    again = await studio.report(studio.owner_id, "win")
    assert again.body["is_new"]
