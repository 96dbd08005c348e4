"""Developers' answers: who speaks for a game, and what is shown of it."""

from uuid import UUID, uuid4

import pytest

from samovar.kit.identity import RoleGrant
from samovar.services.catalog.contract.reviews_events import ReviewChanged
from tests.services.catalog.reviews.shop import Shop

DEVELOPER = ("player", "developer")


async def game_of(shop: Shop, organisation_id: UUID) -> UUID:
    game = await shop.game()
    async with shop.database.transaction() as tx:
        await tx.execute("UPDATE apps SET organisation_id = $2 WHERE id = $1", game, organisation_id)
    return game


async def test_the_developer_answers_changes_it_and_takes_it_back(shop: Shop) -> None:
    organisation_id = uuid4()
    game = await game_of(shop, organisation_id)
    _, review_id = await shop.reviewed(game)
    editor, path = await shop.person(), f"/v1/reviews/{review_id}/answer"
    who = {"roles": DEVELOPER, "grants": (RoleGrant("editor", organisation_id, game),)}
    first = await shop.ask("PUT", path, editor, json={"text": "Спасибо!"}, **who)
    assert (first.status, first.body["text"], first.body["edited_at"]) == (200, "Спасибо!", None)
    assert (await shop.ask("PUT", path, editor, json={"text": "Спасибо!"}, **who)).body["edited_at"] is None
    second = await shop.ask("PUT", path, editor, json={"text": "Уже исправили."}, **who)
    assert second.body["edited_at"]
    assert second.body["answered_at"] == first.body["answered_at"]
    shown = (await shop.ask("GET", f"/v1/games/{game}/reviews")).body["items"][0]
    assert shown["answer"]["text"] == "Уже исправили."
    for _ in range(2):
        assert (await shop.ask("DELETE", path, editor, **who)).status == 204
    assert (await shop.ask("GET", f"/v1/reviews/{review_id}")).body["answer"] is None
    told = [event.change for event in await shop.catalog.events(ReviewChanged) if event.app_id == game]
    assert told == ["answered", "answered", "answer_removed"]


async def test_an_editor_of_the_game_answers_reviews_of_its_dlc(shop: Shop) -> None:
    organisation_id = uuid4()
    game, dlc = await game_of(shop, organisation_id), await game_of(shop, organisation_id)
    async with shop.database.transaction() as tx:
        await tx.execute("UPDATE apps SET kind = 'dlc', base_app_id = $2 WHERE id = $1", dlc, game)
    _, review_id = await shop.reviewed(dlc)
    answer = await shop.ask(
        "PUT",
        f"/v1/reviews/{review_id}/answer",
        await shop.person(),
        json={"text": "Спасибо!"},
        roles=DEVELOPER,
        grants=(RoleGrant("editor", organisation_id, game),),
    )
    assert answer.status == 200


@pytest.mark.parametrize("level", ["viewer", "finance"])
async def test_other_levels_do_not_answer(shop: Shop, level: str) -> None:
    organisation_id = uuid4()
    game = await game_of(shop, organisation_id)
    _, review_id = await shop.reviewed(game)
    grants = (RoleGrant.parse(f"{level}@{organisation_id}"),)
    answer = await shop.ask(
        "PUT",
        f"/v1/reviews/{review_id}/answer",
        await shop.person(),
        json={"text": "Спасибо!"},
        roles=DEVELOPER,
        grants=grants,
    )
    assert (answer.status, answer.body["code"]) == (403, "catalog.answer_needs_developer")


async def test_neither_players_nor_other_developers_answer(shop: Shop) -> None:
    game = await game_of(shop, uuid4())
    author, review_id = await shop.reviewed(game)
    path, text = f"/v1/reviews/{review_id}/answer", {"text": "Сам себе отвечу"}
    assert (await shop.ask("PUT", path, author, json=text)).status == 403
    elsewhere = (RoleGrant("owner", uuid4()),)
    other = await shop.ask("PUT", path, await shop.person(), json=text, roles=DEVELOPER, grants=elsewhere)
    assert other.status == 403
    assert (await shop.ask("DELETE", path, author)).status == 403


async def test_of_what_no_organisation_published_staff_alone_speak(shop: Shop) -> None:
    _, review_id = await shop.reviewed(await shop.game())
    path, text = f"/v1/reviews/{review_id}/answer", {"text": "Благодарим."}
    grants = (RoleGrant("owner", uuid4()),)
    developer = await shop.ask("PUT", path, await shop.person(), json=text, roles=DEVELOPER, grants=grants)
    assert developer.status == 403
    staff = await shop.ask("PUT", path, await shop.person(), json=text, roles=("player", "moderator"))
    assert staff.status == 200
