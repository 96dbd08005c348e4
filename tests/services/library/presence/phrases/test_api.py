"""How a developer words what a game says: nonsense, other people's games, and two who write at one time."""

from typing import Any
from uuid import uuid4

import pytest

from tests.services.library.presence.circle import PHRASES, Circle


async def test_phrases_are_read_as_they_were_written_and_writing_them_again_changes_nothing(
    circle: Circle,
) -> None:
    path = f"/v1/dev/apps/{circle.game_id}/phrases"
    shown = await circle.studio.ask("GET", path)
    assert (shown.status, shown.body) == (200, {"phrases": PHRASES})
    changed_at = "SELECT changed_at FROM phrase_lists WHERE app_id = $1"
    before = await circle.library.database.fetch_value(changed_at, circle.game_id)
    assert (await circle.word(dict(reversed(PHRASES.items())))).headers["etag"] == shown.headers["etag"]
    assert await circle.library.database.fetch_value(changed_at, circle.game_id) == before


async def test_of_two_who_write_at_one_time_the_second_learns_of_it(circle: Circle) -> None:
    shown = await circle.studio.ask("GET", f"/v1/dev/apps/{circle.game_id}/phrases")
    seen = {"If-Match": shown.headers["etag"]}
    assert (await circle.word({"menu": {"ru": "Ждёт гостей"}}, headers=seen)).status == 200
    late = await circle.word({}, headers=seen)
    assert late.status == 412
    assert list(
        (await circle.studio.ask("GET", f"/v1/dev/apps/{circle.game_id}/phrases")).body["phrases"]
    ) == ["menu"]


@pytest.mark.parametrize(
    ("phrases", "field"),
    [
        ({"menu": {"ru": "{Level}"}}, "phrases.menu.ru"),
        ({"menu": {"ru": "Чай", "en": "\u202e"}}, "phrases.menu.en"),
        ({"menu": {"ru": "{" + "a" * 32 + "{b}"}}, "phrases.menu.ru"),
    ],
)
async def test_what_cannot_be_worded_is_refused_by_name(circle: Circle, phrases: Any, field: str) -> None:
    refused = await circle.word(phrases)
    assert (refused.status, [one["field"] for one in refused.body["errors"]]) == (422, [field])


@pytest.mark.parametrize(
    "phrases",
    [
        {"a b": {"ru": "Чай"}},
        {"menu": {"en": "Tea"}},
        {"menu": {"ru": "м" * 101}},
        {"menu": "Чай"},
        {f"key-{number}": {"ru": "Чай"} for number in range(201)},
        None,
    ],
)
async def test_shapes_that_cannot_be_are_refused(circle: Circle, phrases: Any) -> None:
    assert (await circle.word(phrases)).status == 422
    assert (await circle.studio.ask("GET", f"/v1/dev/apps/{circle.game_id}/phrases")).body[
        "phrases"
    ] == PHRASES


async def test_the_longest_list_there_may_be_is_taken(circle: Circle) -> None:
    line = {"ru": "ж" * 100, "en": "w" * 100}
    full = {f"key-{number:03}": line for number in range(200)}
    assert (await circle.word(full)).status == 200


async def test_a_game_is_worded_by_its_own_developers_alone(circle: Circle) -> None:
    refused = await circle.word(grants=(), account_id=uuid4())
    assert (refused.status, refused.body["code"]) in {(403, "forbidden"), (404, "library.app_not_found")}
    viewer = await circle.word(level="viewer")
    assert (viewer.status, viewer.body["code"]) == (404, "library.app_not_found")
    player = await circle.word(roles=("player",), grants=())
    assert player.status == 403
