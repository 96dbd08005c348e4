"""What a game says that its player does: who may say it, for how long it holds, and who reads it."""

from typing import Any
from uuid import uuid4

import pytest

from samovar.services.library.apps import repository as apps
from samovar.services.library.presence.adapters import FRIENDS_PER_PAGE
from samovar.services.library.presence.use_cases import OldPresences
from tests.services.library.apps.announcing import announce
from tests.services.library.presence.circle import Circle


async def test_friends_read_it_each_in_their_language(circle: Circle) -> None:
    player, session = await circle.playing()
    (bare,) = await circle.seen()
    assert (bare["account_id"], bare["game_id"], bare["presence"]) == (
        str(player),
        str(circle.game_id),
        None,
    )
    assert (bare["slug"], bare["titles"]) == ("game", {"ru": "Игра", "en": "Game"})
    said = await circle.say(player, session, phrase="level", parameters={"level": "3", "name": "Двор"})
    assert (said.status, said.body["text"], said.body["phrase"]) == (200, "Уровень 3: Двор", "level")
    (russian,), (english,) = await circle.seen(), await circle.seen(language="en")
    assert (russian["presence"]["text"], english["presence"]["text"]) == ("Уровень 3: Двор", "Level 3: Двор")
    again = await circle.say(player, session, phrase="level", parameters={"level": "3", "name": "Двор"})
    assert again.body["since"] == said.body["since"]
    await circle.say(player, session, text="Пьёт чай")
    (own,) = await circle.seen(player)
    assert (own["presence"]["text"], own["presence"]["phrase"]) == ("Пьёт чай", None)
    for _ in range(2):
        hushed = await circle.library.request("DELETE", f"{session}/presence", account_id=player)
        assert hushed.status == 204
    assert (await circle.seen())[0]["presence"] is None


async def test_it_ends_with_the_session(circle: Circle) -> None:
    player, session = await circle.playing()
    await circle.say(player, session, phrase="menu")
    await circle.library.request("POST", f"{session}/end", account_id=player)
    assert await circle.seen() == []
    assert await circle.seen(player, viewer=player) == []
    late = await circle.say(player, session, phrase="menu")
    assert (late.status, late.body["code"]) == (409, "library.play_session_over")
    # A client that clears what is over already does no harm.
    assert (await circle.library.request("DELETE", f"{session}/presence", account_id=player)).status == 204


async def test_whoever_has_been_silent_for_too_long_plays_no_more(circle: Circle) -> None:
    player, session = await circle.playing()
    await circle.say(player, session, phrase="menu")
    await circle.change(
        "UPDATE play_sessions SET started_at = started_at - interval '1 hour', last_beat_at = last_beat_at - interval '201 s'"
        " WHERE account_id = $1",
        player,
    )
    assert await circle.seen() == []
    late = await circle.say(player, session, phrase="menu")
    assert (late.status, late.body["code"]) == (409, "library.play_session_over")


async def test_of_two_devices_the_one_that_began_last_is_shown(circle: Circle) -> None:
    player, first = await circle.playing()
    await circle.say(player, first, text="Сначала")
    other = await circle.library.request(
        "POST",
        f"/v1/library/{circle.game_id}/play-sessions",
        account_id=player,
        json={"device_id": "deck"},
    )
    await circle.change(
        "UPDATE play_sessions SET started_at = started_at - interval '1 minute' WHERE account_id = $1 AND device_id = 'pc'",
        player,
    )
    assert [one["presence"] for one in await circle.seen()] == [None]
    session = f"/v1/library/{circle.game_id}/play-sessions/{other.body['session_id']}"
    await circle.library.request("POST", f"{session}/end", account_id=player)
    assert [one["presence"]["text"] for one in await circle.seen()] == ["Сначала"]


async def test_whoever_shows_it_to_nobody_is_not_there_but_for_themselves(circle: Circle) -> None:
    player, session = await circle.playing()
    await circle.say(player, session, phrase="menu")
    circle.privacy.private.add(player)
    assert await circle.seen() == []
    assert await circle.seen(player) == []
    (own,) = await circle.seen(player, viewer=player)
    assert own["presence"]["text"] == "Выбирает самовар"


async def test_a_game_that_is_hidden_or_not_out_is_shown_to_nobody_else(circle: Circle) -> None:
    player, _ = await circle.playing()
    path = f"/v1/library/{circle.game_id}"
    hidden = await circle.library.request("PATCH", path, account_id=player, json={"is_hidden": True})
    assert hidden.status == 200
    assert await circle.seen() == []
    assert len(await circle.seen(player, viewer=player)) == 1
    await circle.library.request("PATCH", path, account_id=player, json={"is_hidden": False})
    assert len(await circle.seen()) == 1
    await announce(circle.library.database, circle.game_id, version=2)
    assert await circle.seen() == []


async def test_a_game_of_which_nothing_is_known_is_shown_to_nobody_else(circle: Circle) -> None:
    await circle.change("DELETE FROM app_copies WHERE app_id = $1", circle.game_id)
    player, _ = await circle.playing()
    assert await circle.seen() == []
    (own,) = await circle.seen(player, viewer=player)
    assert (own["slug"], own["titles"]) == (None, {})
    async with circle.library.database.transaction() as tx:
        await apps.note(tx, [circle.game_id], 1)


async def test_many_friends_are_asked_for_page_by_page(circle: Circle) -> None:
    circle.friends.friends = [uuid4() for _ in range(FRIENDS_PER_PAGE + 1)]
    player, _ = await circle.playing()
    assert [one["account_id"] for one in await circle.seen()] == [str(player)]


async def test_nothing_is_shown_by_guess(circle: Circle) -> None:
    player, _ = await circle.playing()
    circle.privacy.is_away = True
    path = "/v1/library/now-playing"
    refused = await circle.library.request("GET", path, account_id=circle.viewer)
    assert (refused.status, refused.body["code"]) == (503, "library.friends_unknown")
    # Of oneself nobody else need be asked.
    assert len(await circle.seen(player, viewer=player)) == 1


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({}, "phrase", "presence_one_of"),
        ({"phrase": "menu", "text": "Чай"}, "phrase", "presence_one_of"),
        ({"phrase": None, "text": None}, "phrase", "presence_one_of"),
        ({"text": ""}, "text", "too_short"),
        ({"text": "м" * 101}, "text", "too_long"),
        ({"text": "  "}, "text", "unprintable"),
        ({"text": "два\nряда"}, "text", "unprintable"),
        ({"text": "\u202eзадом"}, "text", "unprintable"),
        ({"text": "Чай", "parameters": {"level": "1"}}, "parameters", "presence_text_fixed"),
        ({"phrase": "no-such"}, "phrase", "phrase_unknown"),
        ({"phrase": "level", "parameters": {"level": "1"}}, "parameters.name", "phrase_name_missing"),
        (
            {"phrase": "level", "parameters": {"level": "1", "name": "\u2800"}},
            "parameters.name",
            "unprintable",
        ),
    ],
)
async def test_nonsense_is_refused_by_name_and_changes_nothing(
    circle: Circle, said: dict[str, Any], field: str, code: str
) -> None:
    player, session = await circle.playing()
    await circle.say(player, session, text="Прежнее")
    refused = await circle.say(player, session, **said)
    assert refused.status == 422, refused.body
    assert [(one["field"], one["code"]) for one in refused.body["errors"]] == [(field, code)]
    assert (await circle.seen())[0]["presence"]["text"] == "Прежнее"


@pytest.mark.parametrize(
    "said",
    [
        {"phrase": "a b"},
        {"phrase": "a" * 65},
        {"text": 7},
        {"text": "Чай", "colour": "red"},
        {"phrase": "level", "parameters": {"Level": "1"}},
        {"phrase": "level", "parameters": {"level": 1}},
        {"phrase": "level", "parameters": {"level": "1" * 51}},
        {"phrase": "level", "parameters": {f"n{number}": "1" for number in range(9)}},
        {"phrase": "level", "parameters": ["1"]},
    ],
)
async def test_shapes_that_cannot_be_are_refused(circle: Circle, said: dict[str, Any]) -> None:
    player, session = await circle.playing()
    assert (await circle.say(player, session, **said)).status == 422
    assert (await circle.seen())[0]["presence"] is None


async def test_a_body_too_large_and_none_at_all_are_refused(circle: Circle) -> None:
    player, session = await circle.playing()
    for body, status in ((b"{" + b" " * 8_192 + b"}", 413), (b"{", 400), (b"", 422)):
        answer = await circle.library.request(
            "PUT",
            f"{session}/presence",
            account_id=player,
            data=body,
            headers={"Content-Type": "application/json"},
        )
        assert answer.status == status, answer.body


async def test_nobody_speaks_in_anothers_session_or_for_another_game(circle: Circle) -> None:
    player, session = await circle.playing()
    stranger, _ = await circle.playing()
    other = session.replace(str(circle.game_id), str(uuid4()))
    for who, where in ((stranger, session), (player, other), (player, session[:-36] + str(uuid4()))):
        for method, body in (("PUT", {"phrase": "menu"}), ("DELETE", None)):
            refused = await circle.library.request(method, f"{where}/presence", account_id=who, json=body)
            assert (refused.status, refused.body["code"]) == (404, "library.play_session_not_found")


async def test_a_phrase_that_was_taken_out_is_shown_no_more_and_reworded_is_read_anew(circle: Circle) -> None:
    player, session = await circle.playing()
    await circle.say(player, session, phrase="level", parameters={"level": "3", "name": "Двор"})
    await circle.word({"level": {"ru": "Этаж {level} из {all}"}})
    (reworded,) = await circle.seen()
    assert reworded["presence"]["text"] == "Этаж 3 из …"
    await circle.word({})
    (gone,) = await circle.seen()
    assert (gone["presence"]["text"], gone["presence"]["phrase"]) == (None, "level")


async def test_too_many_are_asked_about_and_nonsense(circle: Circle) -> None:
    for query in (
        "account_ids=nonsense",
        "&".join(f"account_ids={uuid4()}" for _ in range(101)),
    ):
        refused = await circle.library.request(
            "GET", f"/v1/library/now-playing?{query}", account_id=circle.viewer
        )
        assert refused.status in {400, 422}, refused.body
    assert (await circle.library.request("GET", "/v1/library/now-playing")).status == 401


async def test_what_was_said_in_a_session_that_is_over_is_forgotten(circle: Circle) -> None:
    over, session = await circle.playing()
    lasting, other = await circle.playing()
    for player, where in ((over, session), (lasting, other)):
        await circle.say(player, where, phrase="menu")
    await circle.library.request("POST", f"{session}/end", account_id=over)
    await OldPresences(circle.library.database).forget()
    kept = await circle.library.database.fetch_value(
        "SELECT array_agg(account_id) FROM presences WHERE account_id = ANY($1::uuid[])", [over, lasting]
    )
    assert kept == [lasting]
