"""Votes on reviews: one an account, whatever is sent at once."""

import asyncio
from uuid import uuid4

from tests.services.catalog.reviews.shop import Shop


async def test_a_vote_is_cast_changed_and_taken_back(shop: Shop) -> None:
    _, review_id = await shop.reviewed(await shop.game())
    voter, path = await shop.person(), f"/v1/reviews/{review_id}/votes"
    for value, counts in (("helpful", (1, 0, 0)), ("funny", (0, 0, 1)), ("unhelpful", (0, 1, 0))):
        answer = await shop.ask("POST", path, voter, json={"value": value})
        assert answer.status == 200
        assert (answer.body["helpful"], answer.body["unhelpful"], answer.body["funny"]) == counts
    for _ in range(2):
        assert (await shop.ask("DELETE", path, voter)).status == 204
    review = await shop.ask("GET", f"/v1/reviews/{review_id}")
    assert [review.body[name] for name in ("helpful", "unhelpful", "funny")] == [0, 0, 0]


async def test_votes_sent_at_once_are_one(shop: Shop) -> None:
    _, review_id = await shop.reviewed(await shop.game())
    voter, path = await shop.person(), f"/v1/reviews/{review_id}/votes"
    answers = await asyncio.gather(
        *(shop.ask("POST", path, voter, json={"value": "helpful"}) for _ in range(8))
    )
    assert {answer.status for answer in answers} == {200}
    assert (await shop.ask("GET", f"/v1/reviews/{review_id}")).body["helpful"] == 1


async def test_voters_at_once_are_all_counted(shop: Shop) -> None:
    _, review_id = await shop.reviewed(await shop.game())
    voters = [await shop.person() for _ in range(8)]
    wishes = [{"value": "helpful" if place % 2 else "unhelpful"} for place in range(8)]
    await asyncio.gather(
        *(
            shop.ask("POST", f"/v1/reviews/{review_id}/votes", voter, json=wish)
            for voter, wish in zip(voters, wishes, strict=True)
        )
    )
    review = (await shop.ask("GET", f"/v1/reviews/{review_id}")).body
    assert (review["helpful"], review["unhelpful"]) == (4, 4)


async def test_nobody_votes_on_their_own(shop: Shop) -> None:
    author, review_id = await shop.reviewed(await shop.game())
    answer = await shop.ask("POST", f"/v1/reviews/{review_id}/votes", author, json={"value": "helpful"})
    assert (answer.status, answer.body["code"]) == (409, "catalog.own_review")


async def test_what_is_not_there_gets_no_vote(shop: Shop) -> None:
    voter = await shop.person()
    answer = await shop.ask("POST", f"/v1/reviews/{uuid4()}/votes", voter, json={"value": "helpful"})
    assert (answer.status, answer.body["code"]) == (404, "catalog.review_not_found")
    _, review_id = await shop.reviewed(await shop.game())
    wrong = await shop.ask("POST", f"/v1/reviews/{review_id}/votes", voter, json={"value": "great"})
    assert (wrong.status, wrong.body["errors"][0]["field"]) == (422, "value")


async def test_the_most_helpful_come_first_and_the_unhelpful_last(shop: Shop) -> None:
    game = await shop.game()
    reviews = [(await shop.reviewed(game))[1] for _ in range(3)]
    for review_id, value in ((reviews[1], "helpful"), (reviews[2], "unhelpful")):
        for _ in range(2):
            voter = await shop.person()
            await shop.ask("POST", f"/v1/reviews/{review_id}/votes", voter, json={"value": value})
    page = await shop.ask("GET", f"/v1/games/{game}/reviews")
    assert [item["id"] for item in page.body["items"]] == [reviews[1], reviews[0], reviews[2]]
