"""Players give tags, once each and not too many; moderators have the last word, with a reason."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.catalog.apps.tags import weights
from samovar.services.catalog.apps.tags.use_cases import VOTES_PER_APP_MAX
from samovar.testing.hosting import Answer, Running
from tests.services.catalog.pages import name_terms, publish

FOR_ALL = {"rating": 0}
"""Of whom nothing is known is of level 0."""


async def _vote(catalog: Running, game: str, tag: str, who: UUID, method: str = "PUT") -> Answer:
    return await catalog.request(method, f"/v1/games/{game}/tags/{tag}", account_id=who)


async def _moderate(catalog: Running, app_id: UUID, tag: str, **decision: Any) -> Answer:
    return await catalog.request(
        "PUT",
        f"/v1/admin/catalog/apps/{app_id}/tags/{tag}",
        account_id=uuid4(),
        roles=("player", "moderator"),
        json={"reason": "проверка", **decision},
    )


async def _weights(catalog: Running, app_id: UUID) -> dict[str, tuple[int, int]]:
    found = await catalog.database.fetch_value(
        "SELECT jsonb_object_agg(tag, jsonb_build_array(player_votes, weight)) FROM app_tags WHERE app_id = $1",
        app_id,
    )
    return {tag: (votes, weight) for tag, (votes, weight) in (found or {}).items()}


async def test_a_vote_counts_once_and_can_be_taken_back(catalog: Running) -> None:
    await name_terms(catalog.database, "tag", "farm", "cosy")
    app_id = await publish(catalog.database, "voted", age=FOR_ALL, tags=["farm"])
    anna, boris = uuid4(), uuid4()
    answers = await asyncio.gather(
        *(_vote(catalog, "voted", "cosy", who) for who in (anna, anna, anna, boris)),
        _vote(catalog, str(app_id), "farm", anna),
    )
    assert {answer.status for answer in answers} == {204}
    assert await _weights(catalog, app_id) == {"farm": (1, 110), "cosy": (2, 20)}
    assert await catalog.database.fetch_value("SELECT count(*) FROM search_changes WHERE app_id = $1", app_id)
    shown = await catalog.request("GET", "/v1/games/voted/tags", account_id=boris)
    assert [(tag["slug"], tag["votes"], tag["is_mine"]) for tag in shown.body["items"]] == [
        ("farm", 1, False),
        ("cosy", 2, True),
    ]
    page = await catalog.request("GET", "/v1/games/voted")
    assert [tag["slug"] for tag in page.body["tags"]] == ["farm", "cosy"]
    taken = [(await _vote(catalog, "voted", "cosy", who, "DELETE")).status for who in (anna, anna, boris)]
    assert taken == [204, 204, 204]
    assert await _weights(catalog, app_id) == {"farm": (1, 110)}
    page = await catalog.request("GET", "/v1/games/voted")
    assert [tag["slug"] for tag in page.body["tags"]] == ["farm"]


async def test_a_player_has_so_many_tags_for_a_game_and_no_more(catalog: Running) -> None:
    tags = [f"many-{number}" for number in range(VOTES_PER_APP_MAX + 2)]
    await name_terms(catalog.database, "tag", *tags)
    app_id = await publish(catalog.database, "popular", age=FOR_ALL)
    who = uuid4()
    answers = await asyncio.gather(*(_vote(catalog, "popular", tag, who) for tag in tags))
    assert sorted(answer.status for answer in answers) == [204] * VOTES_PER_APP_MAX + [409] * 2
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {
        "catalog.too_many_tag_votes"
    }
    assert len(await _weights(catalog, app_id)) == VOTES_PER_APP_MAX


async def test_what_is_not_there_or_not_shown_is_not_voted_for(catalog: Running) -> None:
    await name_terms(catalog.database, "tag", "farm")
    await publish(catalog.database, "plain", age=FOR_ALL)
    await publish(catalog.database, "adult", age={"rating": 18})
    await publish(catalog.database, "elsewhere", age=FOR_ALL, visible={"only_in": ["KZ"]})
    who = uuid4()
    statuses = {
        (game, tag): (await _vote(catalog, game, tag, who)).status
        for game, tag in (
            ("nothing", "farm"),
            ("elsewhere", "farm"),
            ("adult", "farm"),
            ("plain", "nothing"),
            ("plain", "Not_A_Slug"),
        )
    }
    assert list(statuses.values()) == [404, 404, 403, 404, 422]
    assert (await catalog.request("PUT", "/v1/games/plain/tags/farm")).status == 401
    assert (
        await catalog.database.fetch_value("SELECT count(*) FROM tag_votes WHERE account_id = $1", who) == 0
    )


async def test_a_moderator_adds_weight_and_bans_with_a_reason(catalog: Running) -> None:
    await name_terms(catalog.database, "tag", "farm", "cosy")
    app_id = await publish(catalog.database, "moderated", age=FOR_ALL, tags=["farm"])
    await _vote(catalog, "moderated", "farm", uuid4())
    assert (await _moderate(catalog, app_id, "cosy", weight=500)).status == 204
    assert (await _moderate(catalog, app_id, "farm", is_banned=True, reason="не ферма")).status == 204
    assert await _weights(catalog, app_id) == {"farm": (1, -1000), "cosy": (0, 500)}
    refused = await _vote(catalog, "moderated", "farm", uuid4())
    assert (refused.status, refused.body["code"]) == (409, "catalog.tag_banned")
    page = await catalog.request("GET", "/v1/games/moderated")
    assert [tag["slug"] for tag in page.body["tags"]] == ["cosy"]
    tied = await catalog.request(
        "GET",
        f"/v1/admin/catalog/apps/{app_id}/tags",
        account_id=uuid4(),
        roles=("player", "moderator"),
    )
    assert [(tag["slug"], tag["moderator_weight"], tag["reason"]) for tag in tied.body["items"]] == [
        ("cosy", 500, "проверка"),
        ("farm", -1000, "не ферма"),
    ]
    assert (await _moderate(catalog, app_id, "farm", weight=0, reason="ферма")).status == 204
    assert await _weights(catalog, app_id) == {"farm": (1, 110), "cosy": (0, 500)}
    assert (
        await catalog.database.fetch_value("SELECT count(*) FROM tag_decisions WHERE app_id = $1", app_id)
        == 3
    )


@pytest.mark.parametrize(
    ("tag", "decision", "status"),
    [
        ("nothing", {"weight": 1}, 404),
        ("farm", {"weight": 10_001}, 422),
        ("farm", {"weight": -1_000}, 422),
        ("farm", {"reason": ""}, 422),
        ("farm", {"weigth": 5}, 422),
    ],
)
async def test_a_decision_that_breaks_a_rule_changes_nothing(
    catalog: Running, tag: str, decision: dict[str, Any], status: int
) -> None:
    await name_terms(catalog.database, "tag", "farm")
    app_id = await publish(catalog.database, f"strict-{uuid4().hex[:8]}")
    assert (await _moderate(catalog, app_id, tag, **decision)).status == status
    assert await _weights(catalog, app_id) == {}


async def test_players_do_not_moderate(catalog: Running) -> None:
    app_id = await publish(catalog.database, f"closed-{uuid4().hex[:8]}")
    answer = await catalog.request(
        "PUT",
        f"/v1/admin/catalog/apps/{app_id}/tags/farm",
        account_id=uuid4(),
        roles=("player", "developer"),
        json={"reason": "я так хочу"},
    )
    assert answer.status == 403
    assert (await _moderate(catalog, uuid4(), "farm", weight=1)).status == 404


async def test_the_votes_of_somebody_who_is_erased_weigh_nothing(catalog: Running) -> None:
    await name_terms(catalog.database, "tag", "farm", "cosy")
    app_id = await publish(catalog.database, "forgotten", age=FOR_ALL, tags=["farm"])
    anna, boris = uuid4(), uuid4()
    for tag, who in (("farm", anna), ("cosy", anna), ("farm", boris)):
        await _vote(catalog, "forgotten", tag, who)
    for _ in range(2):
        async with catalog.database.transaction() as tx:
            await weights.forget(tx, anna)
    assert await _weights(catalog, app_id) == {"farm": (1, 110)}
    assert (
        await catalog.database.fetch_value("SELECT count(*) FROM tag_votes WHERE account_id = $1", anna) == 0
    )
