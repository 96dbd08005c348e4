"""Moderation: what is hidden is seen by its author and by moderators alone, and counts no more."""

from uuid import uuid4

from samovar.services.catalog.contract.reviews_events import ReviewChanged
from tests.services.catalog.reviews.shop import Shop

MODERATOR = ("player", "moderator")


async def test_a_hidden_review_is_out_of_sight_and_counts_no_more(shop: Shop) -> None:
    game = await shop.game()
    author, review_id = await shop.reviewed(game)
    moderator, path = await shop.person(), f"/v1/admin/reviews/{review_id}"
    for _ in range(2):
        hidden = await shop.ask(
            "POST", f"{path}/hide", moderator, roles=MODERATOR, json={"reason": "Оскорбления."}
        )
        assert (hidden.status, hidden.body["hidden"]) == (200, True)
    assert len(hidden.body["decisions"]) == 1
    assert (await shop.counted(game)).reviews == 0
    assert (await shop.ask("GET", f"/v1/games/{game}/reviews")).body["items"] == []
    assert (await shop.ask("GET", f"/v1/reviews/{review_id}")).status == 404
    voter = await shop.person()
    vote = await shop.ask("POST", f"/v1/reviews/{review_id}/votes", voter, json={"value": "funny"})
    assert vote.status == 404
    mine = await shop.ask("GET", f"/v1/games/{game}/reviews/mine", author)
    assert (mine.body["hidden_because"], mine.body["counts"]) == ("Оскорбления.", False)
    restored = await shop.ask(
        "POST", f"{path}/restore", moderator, roles=MODERATOR, json={"reason": "Ошиблись."}
    )
    assert [one["decision"] for one in restored.body["decisions"]] == ["restored", "hidden"]
    assert (await shop.counted(game)).positive == 1
    told = [event for event in await shop.catalog.events(ReviewChanged) if event.app_id == game]
    assert [(event.change, event.counts, event.version) for event in told] == [
        ("hidden", False, 2),
        ("restored", True, 3),
    ]


async def test_an_author_gets_around_no_moderator(shop: Shop) -> None:
    game = await shop.game()
    author, review_id = await shop.reviewed(game)
    await shop.ask(
        "POST",
        f"/v1/admin/reviews/{review_id}/hide",
        await shop.person(),
        roles=MODERATOR,
        json={"reason": "Реклама."},
    )
    for answer in (
        await shop.ask("PATCH", f"/v1/reviews/{review_id}", author, json={"text": "Иначе"}),
        await shop.ask("DELETE", f"/v1/reviews/{review_id}", author),
    ):
        assert (answer.status, answer.body["code"]) == (409, "catalog.review_hidden")
    assert (await shop.post(author, game)).status == 409


async def test_only_moderators_decide(shop: Shop) -> None:
    _, review_id = await shop.reviewed(await shop.game())
    for roles in (("player",), ("player", "support")):
        answer = await shop.ask(
            "POST",
            f"/v1/admin/reviews/{review_id}/hide",
            await shop.person(),
            roles=roles,
            json={"reason": "Не нравится."},
        )
        assert answer.status == 403
    moderator = await shop.person()
    path = f"/v1/admin/reviews/{uuid4()}"
    assert (await shop.ask("GET", path, moderator, roles=MODERATOR)).status == 404
    empty = await shop.ask(
        "POST", f"/v1/admin/reviews/{review_id}/hide", moderator, roles=MODERATOR, json={"reason": " "}
    )
    assert (empty.status, empty.body["errors"][0]["field"]) == (422, "reason")
