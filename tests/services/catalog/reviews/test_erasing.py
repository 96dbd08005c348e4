"""After a person is erased nothing of theirs is counted, and what others wrote stays."""

from uuid import uuid4

from samovar.kit.clock import SystemClock
from samovar.services.catalog.contract.reviews_events import ReviewChanged
from samovar.services.catalog.holdings import forget
from tests.services.catalog.reviews.shop import Shop


async def test_reviews_and_votes_of_the_erased_go_with_their_counts(shop: Shop) -> None:
    game = await shop.game()
    gone, own_review = await shop.reviewed(game)
    other, other_review = await shop.reviewed(game, recommended=False)
    for voter, review_id in ((gone, other_review), (other, own_review)):
        await shop.ask("POST", f"/v1/reviews/{review_id}/votes", voter, json={"value": "helpful"})
    for _ in range(2):
        async with shop.database.transaction() as tx:
            await forget(tx, gone, SystemClock())
    assert (await shop.counted(game)).negative == 1
    assert (await shop.ask("GET", f"/v1/reviews/{own_review}")).status == 404
    left = (await shop.ask("GET", f"/v1/reviews/{other_review}")).body
    assert left["helpful"] == 0
    told = [event for event in await shop.catalog.events(ReviewChanged) if event.account_id == gone]
    assert [event.change for event in told] == ["deleted"]


async def test_somebody_unknown_is_forgotten_without_a_trace(shop: Shop) -> None:
    async with shop.database.transaction() as tx:
        await forget(tx, uuid4(), SystemClock())
        assert not tx.has_published
