"""What the player does now, told by the SDK to the real library: the last word, once, and again in every session."""

import pytest

from samovar.sdk.play import Doing, PresenceTeller
from samovar.sdk.state import Outbox
from tests.sdk.conftest import Device, Player


class Speaker:
    """A device that plays and says what."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.device: Device = player.device("pc")
        self.teller = PresenceTeller(
            self.device.api, self.device.state, self.device.play, game_id=player.game_id
        )

    async def kept(self) -> list[str | None]:
        """Return what the platform shows of sessions that run."""
        rows = await self.player.library.database.fetch_value(
            "SELECT coalesce(array_agg(p.text), '{}') FROM play_sessions s LEFT JOIN presences p ON p.session_id = s.id"
            " WHERE s.account_id = $1 AND s.ended_at IS NULL",
            self.player.account_id,
        )
        return list(rows)


@pytest.fixture
def speaker(player: Player) -> Speaker:
    return Speaker(player)


async def test_the_last_word_is_told_and_taken_back(speaker: Speaker) -> None:
    await speaker.device.play.start()
    assert await speaker.teller.send() is True
    for text in ("Первое", "Второе"):
        speaker.teller.show(Doing(text=text))
    assert await speaker.teller.send() is True
    assert await speaker.kept() == ["Второе"]
    speaker.teller.show(None)
    assert await speaker.teller.send() is True
    assert await speaker.kept() == [None]


async def test_what_is_known_is_not_told_again(speaker: Speaker) -> None:
    await speaker.device.play.start()
    speaker.teller.show(Doing(text="Чай"))
    await speaker.teller.send()
    speaker.player.wire.unplug()
    speaker.teller.show(Doing(text="Чай"))
    assert await speaker.teller.send() is True


async def test_before_a_session_and_after_it_nothing_is_told(speaker: Speaker) -> None:
    speaker.teller.show(Doing(text="Чай"))
    assert await speaker.teller.send() is False
    await speaker.device.play.start()
    assert await speaker.teller.send() is True
    assert await speaker.kept() == ["Чай"]
    await speaker.device.play.stop()
    speaker.teller.show(Doing(text="Ещё чай"))
    assert await speaker.teller.send() is False
    assert await speaker.kept() == []


async def test_what_was_done_without_a_network_is_told_when_it_is_back_and_only_the_last_of_it(
    speaker: Speaker,
) -> None:
    speaker.player.wire.unplug()
    assert await speaker.device.play.start() == "offline"
    for text in ("Час назад", "Сейчас"):
        speaker.teller.show(Doing(text=text))
        assert await speaker.teller.send() is False
    speaker.player.wire.plug()
    assert await speaker.device.play.beat() == "online"
    assert await speaker.teller.send() is True
    assert await speaker.kept() == ["Сейчас"]


async def test_an_answer_that_is_lost_is_asked_for_again(speaker: Speaker) -> None:
    await speaker.device.play.start()
    speaker.player.wire.lose_answer_to(b"PUT")
    speaker.teller.show(Doing(text="Чай"))
    assert await speaker.teller.send() is False
    speaker.player.wire.plug()
    assert await speaker.teller.send() is True
    assert await speaker.kept() == ["Чай"]


async def test_a_session_that_was_lost_hands_it_on_to_the_next(speaker: Speaker) -> None:
    await speaker.device.play.start()
    speaker.teller.show(Doing(text="Чай"))
    await speaker.teller.send()
    first = speaker.device.play.session_id
    async with speaker.player.library.database.transaction() as tx:
        await tx.execute(
            "UPDATE play_sessions SET ended_at = last_beat_at, end_reason = 'silent' WHERE id = $1::uuid",
            first,
        )
    speaker.teller.show(Doing(text="Ещё чай"))
    assert await speaker.teller.send() is False
    await speaker.device.play.beat()
    assert speaker.device.play.session_id != first
    assert await speaker.teller.send() is True
    assert await speaker.kept() == ["Ещё чай"]


async def test_what_the_platform_does_not_take_is_noted_and_not_told_for_ever(speaker: Speaker) -> None:
    await speaker.device.play.start()
    speaker.teller.show(Doing(phrase="no-such"))
    for _ in range(2):
        assert await speaker.teller.send() is True
    assert Outbox(speaker.device.state).refused() == [("presence", "phrase: phrase_unknown")]
    speaker.teller.show(Doing(text="Чай"))
    assert await speaker.teller.send() is True
    assert await speaker.kept() == ["Чай"]
