"""Whether a review counts follows the licences of its author, in whatever order and how often library tells of them."""

from uuid import UUID, uuid4

import pytest

from samovar.services.account.contract.events import ProfileChanged
from samovar.services.catalog.contract.reviews_events import ReviewChanged
from tests.services.catalog.prices.conftest import cost, package
from tests.services.catalog.reviews.shop import Shop, refund


async def marks_of(shop: Shop, game: UUID) -> tuple[bool, bool, bool]:
    """Return whether the only review of a game counts, is marked as free, as given back."""
    (item,) = (await shop.ask("GET", f"/v1/games/{game}/reviews")).body["items"]
    return item["counts"], item["received_free"], item["refunded"]


@pytest.mark.parametrize(
    ("kind", "counts", "received_free"),
    [
        ("purchase", True, False),
        ("key", False, False),
        ("gift", False, True),
        ("free", False, True),
        ("grant", False, True),
        ("trial", False, True),
        ("family", False, True),
        ("lottery", False, False),
    ],
)
async def test_only_who_bought_speaks_for_the_score(
    shop: Shop, kind: str, *, counts: bool, received_free: bool
) -> None:
    game = await shop.game()
    await shop.post(await shop.owner(game, kind=kind), game)
    assert await marks_of(shop, game) == (counts, received_free, False)
    counted = await shop.counted(game)
    assert (counted.reviews, counted.positive) == (1, int(counts))


async def test_of_a_game_that_costs_nothing_everybody_is_a_buyer(shop: Shop) -> None:
    game = await shop.game()
    await cost(shop.database, await package(shop.database, game), "RU", 0)
    await shop.post(await shop.owner(game, kind="free"), game)
    assert await marks_of(shop, game) == (True, False, False)
    assert (await shop.counted(game)).positive == 1


async def test_a_refund_leaves_the_review_and_takes_its_voice(shop: Shop) -> None:
    game = await shop.game()
    account_id = await shop.person()
    granted = await shop.own(account_id, game)
    await shop.post(account_id, game)
    await shop.tell(refund(granted))
    assert await marks_of(shop, game) == (False, False, True)
    assert (await shop.counted(game)).positive == 0
    await shop.own(account_id, game)
    assert await marks_of(shop, game) == (True, False, False)
    assert (await shop.counted(game)).positive == 1


async def test_another_licence_keeps_the_voice(shop: Shop) -> None:
    game = await shop.game()
    account_id = await shop.person()
    bought, _ = await shop.own(account_id, game), await shop.own(account_id, game, kind="key")
    await shop.post(account_id, game)
    assert await marks_of(shop, game) == (True, False, False)
    await shop.tell(refund(bought))
    assert await marks_of(shop, game) == (False, False, False)


async def test_what_ends_by_itself_is_not_given_back(shop: Shop) -> None:
    game = await shop.game()
    account_id = await shop.person()
    trial = await shop.own(account_id, game, kind="trial")
    await shop.post(account_id, game)
    await shop.tell(refund(trial, "expired"))
    assert await marks_of(shop, game) == (False, True, False)


async def test_a_review_that_was_quicker_than_the_event_counts_when_the_event_comes(shop: Shop) -> None:
    game = await shop.game()
    account_id = await shop.person()
    shop.library.minutes[str(account_id), str(game)] = None
    assert (await shop.post(account_id, game)).body["counts"] is False
    await shop.tell(shop.licence(account_id, game))
    assert await marks_of(shop, game) == (True, False, False)
    assert (await shop.counted(game)).positive == 1


async def test_an_end_that_comes_before_its_beginning_is_the_end(shop: Shop) -> None:
    game = await shop.game()
    account_id = await shop.person()
    granted = shop.licence(account_id, game)
    await shop.tell(refund(granted))
    shop.library.minutes[str(account_id), str(game)] = None
    await shop.post(account_id, game)
    await shop.tell(granted)
    assert await marks_of(shop, game) == (False, False, True)


async def test_an_event_that_comes_again_changes_nothing(shop: Shop) -> None:
    game = await shop.game()
    account_id = await shop.person()
    granted = await shop.own(account_id, game)
    await shop.post(account_id, game)
    ended, event_id = refund(granted), uuid4()
    for _ in range(2):
        await shop.catalog.announce(ended, event_id=event_id)
        await shop.applied(event_id)
    await shop.tell(ended)
    await shop.tell(granted)
    told = [event for event in await shop.catalog.events(ReviewChanged) if event.app_id == game]
    assert [(event.change, event.counts) for event in told] == [("licence_changed", False)]
    assert (await shop.counted(game)).positive == 0


async def test_a_new_name_is_shown_at_once(shop: Shop) -> None:
    game = await shop.game()
    account_id = await shop.owner(game, "Анна")
    await shop.post(account_id, game)
    path = f"/v1/games/{game}/reviews"
    assert (await shop.ask("GET", path)).body["items"][0]["author"]["display_name"] == "Анна"
    shop.account.names[str(account_id)] = "Анна Вторая"
    now = shop.licence(account_id, game).granted_at
    await shop.catalog.announce(
        ProfileChanged(
            account_id=account_id, display_name="Анна Вторая", avatar_url="", version=2, changed_at=now
        )
    )
    shown = ""
    while shown != "Анна Вторая":
        shown = (await shop.ask("GET", path)).body["items"][0]["author"]["display_name"]
    assert shown == "Анна Вторая"
