"""Play time: what is told at once, what is kept and told later, what a killed launcher leaves."""

from samovar.sdk.state import Outbox, Run, Runs
from tests.sdk.conftest import Player


async def test_a_run_is_told_while_it_lasts(player: Player) -> None:
    device = player.device("pc")
    assert await device.play.start() == "online"
    assert await device.play.beat() == "online"
    await device.play.stop()
    assert await player.played() == (0, ["ended"])
    assert Runs(device.state).all() == []


async def test_what_was_played_offline_is_told_once(player: Player) -> None:
    device = player.device("pc")
    player.wire.unplug()
    assert await device.play.start() == "offline"
    player.clock.pass_minutes(90)
    assert await device.play.beat() == "offline"
    await device.play.stop()
    player.wire.plug()
    # The platform hears it, its answer is lost, and it is told again.
    player.wire.lose_answer_to(b"POST")
    assert await device.play.tell() == 1
    player.wire.plug()
    assert await device.play.tell() == 0
    assert await device.play.tell() == 0
    assert await player.played() == (90, ["offline"])


async def test_what_was_played_before_the_network_came_back_is_not_lost(player: Player) -> None:
    device = player.device("pc")
    player.wire.unplug()
    assert await device.play.start() == "offline"
    player.clock.pass_minutes(30)
    player.wire.plug()
    assert await device.play.beat() == "online"
    await device.play.stop()
    assert await player.played() == (30, ["offline", "ended"])


async def test_a_killed_launcher_loses_nothing_of_a_run(player: Player) -> None:
    device = player.device("pc")
    player.wire.unplug()
    await device.play.start()
    player.clock.pass_minutes(12)
    await device.play.beat()
    # The launcher is gone here without a word; the next one finds its state.
    player.stack.close()
    player.wire.plug()
    player.clock.pass_minutes(600)
    after = player.device("pc")
    assert await after.play.start() == "online"
    await after.play.stop()
    assert (await player.played())[0] == 12
    assert Runs(after.state).all() == []


async def test_a_killed_launcher_leaves_no_session_running(player: Player) -> None:
    device = player.device("pc")
    assert await device.play.start() == "online"
    player.stack.close()
    after = player.device("pc")
    await after.play.start()
    await after.play.stop()
    assert (await player.played())[1] in (["replaced", "ended"], ["ended", "ended"])


async def test_a_session_that_went_silent_is_told_to_its_end(player: Player) -> None:
    device = player.device("pc")
    assert await device.play.start() == "online"
    player.wire.unplug()
    player.clock.pass_minutes(60)
    assert await device.play.beat() == "offline"
    async with player.library.database.transaction() as tx:
        await tx.execute(
            "UPDATE play_sessions SET started_at = started_at - interval '2 days',"
            " last_beat_at = last_beat_at - interval '2 days' WHERE account_id = $1",
            player.account_id,
        )
    player.wire.plug()
    player.clock.pass_minutes(5)
    assert await device.play.beat() == "online"
    await device.play.stop()
    assert await player.played() == (65, ["silent", "offline", "ended"])


async def test_what_cannot_be_true_is_dropped_and_the_rest_is_told(player: Player) -> None:
    device = player.device("pc")
    now = player.clock.now().timestamp()
    runs = Runs(device.state)
    runs.put(Run(name="01900000-0000-7000-8000-000000000001", started_at=now - 90 * 86_400, seen_at=now - 89.9 * 86_400, is_offline=True, is_over=True))  # fmt: skip
    runs.put(Run(name="01900000-0000-7000-8000-000000000002", started_at=now - 3_600, seen_at=now - 1_800, is_offline=True, is_over=True))  # fmt: skip
    assert await device.play.tell() == 0
    assert await player.played() == (30, ["offline"])
    assert Outbox(device.state).refused() == [("run 01900000-0000-7000-8000-000000000001", "play_too_old")]


async def test_three_days_in_a_row_are_told_day_by_day(player: Player) -> None:
    device = player.device("pc")
    now = player.clock.now().timestamp()
    name = "01900000-0000-7000-8000-000000000003"
    Runs(device.state).put(
        Run(name=name, started_at=now - 60 * 3_600, seen_at=now, is_offline=True, is_over=True)
    )
    assert await device.play.tell() == 0
    assert await player.played() == (60 * 60, ["offline", "offline", "offline"])


async def test_a_game_that_is_not_owned_is_said_to_be_so(player: Player) -> None:
    stranger = Player(player.library, player.wire, player.device("pc").folder)
    device = stranger.device("pc")
    assert await device.play.start() == "not_owned"
    stranger.clock.pass_minutes(5)
    await device.play.stop()
    # Nobody can have played it: that is noted and not told again.
    assert await device.play.tell() == 0
    assert [why for _, why in Outbox(device.state).refused()] == ["library.game_not_found"]
    stranger.stack.close()
    await device.api.close()
