"""Saves between two devices: nothing that a device has written is ever lost, and every conflict is shown."""

import pytest

from samovar.sdk.errors import Offline
from samovar.sdk.saves.syncing import Conflict
from tests.sdk.conftest import Device, Player


async def test_a_folder_comes_to_another_device(player: Player) -> None:
    pc, deck = player.device("pc"), player.device("deck")
    pc.write("слот 1/игра.sav", b"one" * 100)
    pc.write("settings.json", b"{}")
    assert (await pc.saves.sync()).uploaded == ["settings.json", "слот 1:игра.sav"]
    assert (await pc.saves.sync()).uploaded == []
    assert (await deck.saves.sync()).downloaded == ["settings.json", "слот 1:игра.sav"]
    assert deck.read("слот 1/игра.sav") == b"one" * 100
    deck.write("слот 1/игра.sav", b"two" * 100)
    assert (await deck.saves.sync()).uploaded == ["слот 1:игра.sav"]
    assert (await pc.saves.sync()).downloaded == ["слот 1:игра.sav"]
    assert pc.read("слот 1/игра.sav") == b"two" * 100


async def _apart(player: Player) -> tuple[Device, Device, Conflict]:
    """Return two devices that wrote one file at one time."""
    pc, deck = player.device("pc"), player.device("deck")
    pc.write("a.sav", b"start" * 10)
    await pc.saves.sync()
    await deck.saves.sync()
    pc.write("a.sav", b"of the pc" * 10)
    deck.write("a.sav", b"of the deck" * 10)
    await pc.saves.sync()
    (conflict,) = (await deck.saves.sync()).conflicts
    return pc, deck, conflict


async def test_both_sides_stay_until_one_is_chosen(player: Player) -> None:
    pc, deck, conflict = await _apart(player)
    assert deck.read("a.sav") == b"of the deck" * 10
    again = await deck.saves.sync()
    assert (again.uploaded, again.downloaded, again.conflicts) == ([], [], [conflict])
    await deck.saves.choose("a.sav", conflict.ours)
    assert (await deck.saves.sync()).conflicts == []
    assert (await pc.saves.sync()).downloaded == ["a.sav"]
    assert pc.read("a.sav") == deck.read("a.sav") == b"of the deck" * 10
    kept = {one["version_id"] for one in await pc.saves.versions("a.sav")}
    assert {conflict.ours, conflict.theirs} <= kept


async def test_the_other_side_may_be_chosen_too_and_ours_stays_in_the_history(player: Player) -> None:
    pc, deck, conflict = await _apart(player)
    deck.write("a.sav", b"played on" * 10)
    await deck.saves.choose("a.sav", conflict.theirs)
    assert deck.read("a.sav") == b"of the pc" * 10
    assert (await deck.saves.sync()).conflicts == []
    kept = [one["version_id"] for one in await pc.saves.versions("a.sav")]
    # The start, both sides, and what was played on while nobody had chosen.
    assert len(kept) == 4
    await pc.saves.choose("a.sav", kept[0])
    assert pc.read("a.sav") == b"played on" * 10


async def test_a_conflict_that_another_device_settles_is_settled_here(player: Player) -> None:
    pc, deck, conflict = await _apart(player)
    await pc.saves.choose("a.sav", conflict.theirs)
    settled = await deck.saves.sync()
    assert (settled.downloaded, settled.conflicts) == (["a.sav"], [])
    assert deck.read("a.sav") == b"of the pc" * 10


async def test_two_devices_that_never_met_both_keep_theirs(player: Player) -> None:
    pc, deck = player.device("pc"), player.device("deck")
    pc.write("a.sav", b"of the pc" * 10)
    deck.write("a.sav", b"of the deck" * 10)
    await pc.saves.sync()
    (conflict,) = (await deck.saves.sync()).conflicts
    assert deck.read("a.sav") == b"of the deck" * 10
    await deck.saves.choose("a.sav", conflict.theirs)
    assert deck.read("a.sav") == b"of the pc" * 10


async def test_offline_all_stays_here_and_goes_up_later(player: Player) -> None:
    pc, deck = player.device("pc"), player.device("deck")
    pc.write("a.sav", b"one" * 10)
    await pc.saves.sync()
    await deck.saves.sync()
    player.wire.unplug()
    pc.write("a.sav", b"two" * 10)
    with pytest.raises(Offline):
        await pc.saves.sync()
    assert pc.read("a.sav") == b"two" * 10
    player.wire.plug()
    # The upload arrives, its answer does not: the next sync finds the cloud as it is here.
    player.wire.lose_answer_to(b"PUT")
    with pytest.raises(Offline):
        await pc.saves.sync()
    player.wire.plug()
    after = await pc.saves.sync()
    assert (after.uploaded, after.conflicts) == ([], [])
    await deck.saves.sync()
    assert deck.read("a.sav") == b"two" * 10
    assert len(await pc.saves.versions("a.sav")) == 2


async def test_a_deletion_travels_and_a_change_wins_over_it(player: Player) -> None:
    pc, deck = player.device("pc"), player.device("deck")
    for name in ("a.sav", "b.sav", "c.sav"):
        pc.write(name, name.encode() * 10)
    await pc.saves.sync()
    await deck.saves.sync()
    (pc.saves_folder / "a.sav").unlink()
    (pc.saves_folder / "b.sav").unlink()
    deck.write("b.sav", b"played on" * 10)
    await deck.saves.sync()
    gone = await pc.saves.sync()
    assert (gone.deleted, gone.downloaded) == (["a.sav"], ["b.sav"])
    assert (await deck.saves.sync()).deleted == ["a.sav"]
    assert (deck.read("a.sav"), deck.read("b.sav"), pc.read("b.sav")) == (
        None,
        b"played on" * 10,
        b"played on" * 10,
    )


async def test_an_emptied_folder_is_filled_again(player: Player) -> None:
    pc = player.device("pc")
    for number in range(12):
        pc.write(f"{number}.sav", b"saved" * (number + 1))
    await pc.saves.sync()
    for number in range(12):
        (pc.saves_folder / f"{number}.sav").unlink()
    pc.write("new.sav", b"a new beginning")
    filled = await pc.saves.sync()
    assert (len(filled.downloaded), filled.deleted, filled.uploaded) == (12, [], ["new.sav"])


async def test_a_save_that_shrank_waits_for_a_word(player: Player) -> None:
    pc = player.device("pc")
    pc.write("a.sav", b"long" * 1_000)
    await pc.saves.sync()
    pc.write("a.sav", b"")
    asked = await pc.saves.sync()
    assert (asked.shrunk, asked.uploaded) == (["a.sav"], [])
    await pc.saves.restore("a.sav")
    assert pc.read("a.sav") == b"long" * 1_000
    pc.write("a.sav", b"short")
    assert (await pc.saves.sync(confirmed=["a.sav"])).uploaded == ["a.sav"]


async def test_what_cannot_be_a_save_keeps_nothing_waiting(player: Player) -> None:
    pc = player.device("pc")
    pc.write("good.sav", b"good")
    pc.write("odd:name.sav", b"odd")
    pc.write("con.sav", b"a name that Windows keeps for itself")
    (pc.saves_folder / "link.sav").symlink_to("/etc/hostname")
    report = await pc.saves.sync()
    assert report.uploaded == ["good.sav"]
    assert report.problems == {"odd:name.sav": "too_large_or_misnamed", "con.sav": "request.invalid"}


async def test_a_link_in_the_folder_is_never_written_through(player: Player) -> None:
    pc, deck = player.device("pc"), player.device("deck")
    pc.write("slot/a.sav", b"content")
    await pc.saves.sync()
    outside = deck.folder / "outside"
    outside.mkdir(parents=True)
    deck.saves_folder.mkdir(parents=True)
    (deck.saves_folder / "slot").symlink_to(outside)
    report = await deck.saves.sync()
    assert report.problems == {"slot:a.sav": "changed"}
    assert list(outside.iterdir()) == []
