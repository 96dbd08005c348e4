"""Reviews over REST: who may write them, what stands in them, how they are read."""

from typing import Any

import pytest

from samovar.services.catalog.contract.reviews_events import ReviewChanged, ReviewPosted, ReviewScoreChanged
from tests.services.catalog.reviews.shop import SAID, Shop


async def test_an_owner_writes_and_everybody_reads(shop: Shop) -> None:
    game = await shop.game()
    account_id = await shop.owner(game, "Борис", minutes=90)
    answer = await shop.post(account_id, game, text="  Первая строка \r\n\n\n\nвторая\t ")
    assert (answer.status, answer.body["counts"], answer.body["play_minutes"]) == (201, True, 90)
    page = await shop.ask("GET", f"/v1/games/{game}/reviews")
    (item,) = page.body["items"]
    assert item["text"] == "Первая строка\n\nвторая"
    assert item["author"] == {
        "account_id": str(account_id),
        "state": "shown",
        "display_name": "Борис",
        "name": None,
        "avatar_url": f"/v1/avatars/{account_id}",
    }
    assert (item["received_free"], item["refunded"], item["edited_at"]) == (False, False, None)
    assert page.body["summary"]["all_time"]["total"] == 1
    assert (await shop.counted(game)).positive == 1
    (posted,) = [event for event in await shop.catalog.events(ReviewPosted) if event.app_id == game]
    assert (str(posted.review_id), posted.account_id, posted.counts) == (item["id"], account_id, True)


async def test_who_does_not_have_the_game_writes_nothing(shop: Shop) -> None:
    game = await shop.game()
    answer = await shop.post(await shop.person(), game)
    assert (answer.status, answer.body["code"]) == (403, "catalog.review_needs_licence")
    assert (await shop.counted(game)).reviews == 0


@pytest.mark.parametrize(("minutes", "status"), [(4, 403), (5, 201), (None, 201)])
async def test_where_play_time_is_counted_a_few_minutes_are_needed(
    shop: Shop, minutes: int | None, status: int
) -> None:
    game = await shop.game()
    answer = await shop.post(await shop.owner(game, minutes=minutes), game)
    assert answer.status == status
    if status == 403:
        assert answer.body["code"] == "catalog.review_needs_play_time"
        assert "5" in answer.body["detail"]


async def test_a_second_review_is_refused(shop: Shop) -> None:
    game = await shop.game()
    account_id, _ = await shop.reviewed(game)
    again = await shop.post(account_id, game, recommended=False)
    assert (again.status, again.body["code"]) == (409, "catalog.already_reviewed")
    assert (await shop.counted(game)).positive == 1


async def test_what_is_not_out_is_not_reviewed(shop: Shop) -> None:
    game = await shop.game(release={"stage": "coming_soon"})
    answer = await shop.post(await shop.owner(game), game)
    assert (answer.status, answer.body["code"]) == (409, "catalog.review_too_early")


async def test_a_child_neither_writes_nor_reads_above_the_age_mark(shop: Shop) -> None:
    game = await shop.game(age={"rating": 18})
    _, review_id = await shop.reviewed(game)
    child = await shop.person(age_level=12)
    await shop.own(child, game)
    for answer in (
        await shop.post(child, game),
        await shop.ask("GET", f"/v1/games/{game}/reviews", child),
        await shop.ask("GET", f"/v1/reviews/{review_id}", child),
        await shop.ask("POST", f"/v1/reviews/{review_id}/votes", child, json={"value": "helpful"}),
        await shop.ask("GET", f"/v1/games/{game}/reviews"),
    ):
        assert (answer.status, answer.body["code"]) == (403, "catalog.age_restricted")


async def test_a_game_is_called_by_its_slug_as_by_its_id(shop: Shop) -> None:
    game = await shop.game()
    slug = await shop.database.fetch_value("SELECT slug FROM apps WHERE id = $1", game)
    account_id = await shop.owner(game)
    posted = await shop.ask("POST", f"/v1/games/{slug}/reviews", account_id, json=SAID)
    assert posted.status == 201, posted.body
    for name in (game, slug):
        page = await shop.ask("GET", f"/v1/games/{name}/reviews")
        assert [item["id"] for item in page.body["items"]] == [posted.body["id"]]
        mine = await shop.ask("GET", f"/v1/games/{name}/reviews/mine", account_id)
        assert (mine.status, mine.body["id"]) == (200, posted.body["id"])
    nothing = await shop.ask("GET", "/v1/games/no-such-game/reviews")
    assert (nothing.status, nothing.body["code"]) == (404, "catalog.app_not_found")
    unwritten = await shop.ask("GET", "/v1/games/no-such-game/reviews/mine", account_id)
    assert (unwritten.status, unwritten.body["code"]) == (404, "catalog.review_not_found")


async def test_where_the_game_is_not_shown_its_reviews_are_not(shop: Shop) -> None:
    game = await shop.game(visible={"except_in": ["KZ"]})
    await shop.reviewed(game)
    assert (await shop.ask("GET", f"/v1/games/{game}/reviews?country=RU")).status == 200
    hidden = await shop.ask("GET", f"/v1/games/{game}/reviews?country=KZ")
    assert (hidden.status, hidden.body["code"]) == (404, "catalog.app_not_found")
    nowhere = await shop.ask("GET", f"/v1/games/{game}/reviews?country=XX")
    assert (nowhere.status, nowhere.body["errors"][0]["field"]) == (422, "country")


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"text": " \n\u2800 "}, "text", "text_unreadable"),
        ({"text": "видно\u202eондив"}, "text", "text_unreadable"),
        ({"text": "а\n" * 400 + "а"}, "text", "text_lines"),
        ({"text": "http://a.ru https://b.ru www.c.ru"}, "text", "text_links"),
        ({"text": ""}, "text", "too_short"),
        ({"text": "а" * 8_001}, "text", "too_long"),
        ({"language": "xx"}, "language", None),
        ({"recommended": "да"}, "recommended", None),
        ({"author": "Борис"}, None, None),
    ],
)
async def test_a_text_that_breaks_a_rule_names_the_field(
    shop: Shop, said: dict[str, Any], field: str | None, code: str | None
) -> None:
    game = await shop.game()
    answer = await shop.post(await shop.owner(game), game, **said)
    assert answer.status == 422
    if field:
        assert answer.body["errors"][0]["field"] == field
    if code:
        assert answer.body["errors"][0]["code"] == code
    assert (await shop.counted(game)).reviews == 0


async def test_library_away_is_said_clearly_and_nothing_is_written(shop: Shop) -> None:
    game = await shop.game()
    account_id = await shop.owner(game)
    shop.library.silent = True
    try:
        answer = await shop.post(account_id, game)
    finally:
        shop.library.silent = False
    assert (answer.status, answer.body["code"]) == (503, "catalog.library_away")
    assert "retry-after" in answer.headers
    assert (await shop.post(account_id, game)).status == 201


async def test_a_review_is_changed_by_its_author_as_they_saw_it(shop: Shop) -> None:
    game = await shop.game()
    account_id, review_id = await shop.reviewed(game)
    mine = await shop.ask("GET", f"/v1/games/{game}/reviews/mine", account_id)
    path, seen = f"/v1/reviews/{review_id}", {"If-Match": mine.headers["etag"]}
    changed = await shop.ask("PATCH", path, account_id, json={"recommended": False}, headers=seen)
    assert (changed.status, changed.body["recommended"], changed.body["text"]) == (200, False, SAID["text"])
    assert changed.body["edited_at"]
    counted = await shop.counted(game)
    assert (counted.positive, counted.negative) == (0, 1)
    stale = await shop.ask("PATCH", path, account_id, json={"text": "Иначе"}, headers=seen)
    assert (stale.status, stale.body["code"]) == (412, "request.precondition_failed")
    fresh = {"If-Match": changed.headers["etag"]}
    assert (await shop.ask("PATCH", path, account_id, json={"text": "Иначе"}, headers=fresh)).status == 200
    edits = [event.change for event in await shop.catalog.events(ReviewChanged) if event.app_id == game]
    assert edits == ["edited", "edited"]


async def test_nothing_to_change_changes_nothing(shop: Shop) -> None:
    game = await shop.game()
    account_id, review_id = await shop.reviewed(game)
    same = await shop.ask("PATCH", f"/v1/reviews/{review_id}", account_id, json=SAID)
    assert (same.status, same.body["edited_at"]) == (200, None)


async def test_nobody_touches_the_review_of_another(shop: Shop) -> None:
    game = await shop.game()
    _, review_id = await shop.reviewed(game)
    stranger = await shop.owner(game)
    for method, body in (("PATCH", {"text": "Чужое"}), ("DELETE", None)):
        answer = await shop.ask(method, f"/v1/reviews/{review_id}", stranger, json=body)
        assert (answer.status, answer.body["code"]) == (404, "catalog.review_not_found")
    assert (await shop.counted(game)).reviews == 1


async def test_a_review_that_was_taken_back_counts_no_more_and_may_be_written_anew(shop: Shop) -> None:
    game = await shop.game()
    account_id, review_id = await shop.reviewed(game)
    assert (await shop.ask("DELETE", f"/v1/reviews/{review_id}", account_id)).status == 204
    assert (await shop.counted(game)).reviews == 0
    assert (await shop.ask("GET", f"/v1/reviews/{review_id}")).status == 404
    assert (await shop.post(account_id, game, recommended=False)).status == 201
    scores = [event for event in await shop.catalog.events(ReviewScoreChanged) if event.app_id == game]
    assert [(event.reviews, event.positive, event.negative) for event in scores] == [
        (1, 1, 0),
        (0, 0, 0),
        (1, 0, 1),
    ]
    assert [event.version for event in scores] == [1, 2, 3]


async def test_pages_go_on_where_they_ended(shop: Shop) -> None:
    game = await shop.game()
    written = [(await shop.reviewed(game, recommended=place % 2 == 0))[1] for place in range(5)]
    for sort in ("new", "helpful"):
        found: list[str] = []
        cursor = ""
        while cursor is not None:
            page = await shop.ask(
                "GET", f"/v1/games/{game}/reviews?sort={sort}&limit=2{cursor and '&cursor='}{cursor}"
            )
            found += [item["id"] for item in page.body["items"]]
            cursor = page.body["next_cursor"]
        assert found == written[::-1]
    foreign = (await shop.ask("GET", f"/v1/games/{game}/reviews?sort=new&limit=1")).body["next_cursor"]
    wrong = await shop.ask("GET", f"/v1/games/{game}/reviews?sort=helpful&cursor={foreign}")
    assert (wrong.status, wrong.body["errors"][0]["field"]) == (422, "cursor")


async def test_reviews_are_chosen_by_language_verdict_and_age(shop: Shop) -> None:
    game = await shop.game()
    _, russian = await shop.reviewed(game)
    _, english = await shop.reviewed(game, language="en", recommended=False)
    async with shop.database.transaction() as tx:
        await tx.execute(
            "UPDATE reviews SET created_at = created_at - interval '8 days' WHERE id = $1::text::uuid",
            russian,
        )
    for query, expected in (
        ("language=ru", [russian]),
        ("recommended=false", [english]),
        ("period=week", [english]),
        ("period=month", [english, russian]),
        ("language=ru&recommended=false", []),
    ):
        page = await shop.ask("GET", f"/v1/games/{game}/reviews?sort=new&{query}")
        assert [item["id"] for item in page.body["items"]] == expected, query
    assert (await shop.ask("GET", f"/v1/games/{game}/reviews?sort=best")).status == 422


async def test_a_page_asks_once_for_all_names_and_then_remembers_them(shop: Shop) -> None:
    game = await shop.game()
    for name in ("Анна", "Борис", None):
        account_id = await shop.owner(game, name)
        await shop.post(account_id, game)
    shop.account.calls.clear()
    page = await shop.ask("GET", f"/v1/games/{game}/reviews?sort=new")
    assert shop.account.calls == [3]
    assert [item["author"]["display_name"] for item in page.body["items"]] == [None, "Борис", "Анна"]
    assert page.body["items"][0]["author"]["state"] == "gone"
    await shop.ask("GET", f"/v1/games/{game}/reviews?sort=new")
    assert shop.account.calls == [3]


async def test_account_away_costs_names_and_not_the_page(shop: Shop) -> None:
    game = await shop.game()
    await shop.reviewed(game)
    shop.account.away = True
    try:
        page = await shop.ask("GET", f"/v1/games/{game}/reviews")
    finally:
        shop.account.away = False
    assert page.status == 200
    assert page.body["items"][0]["author"]["state"] == "unknown"
    again = await shop.ask("GET", f"/v1/games/{game}/reviews")
    assert again.body["items"][0]["author"]["state"] == "shown"


async def test_a_label_is_told_in_the_readers_language(shop: Shop) -> None:
    game = await shop.game()
    async with shop.database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO review_scores (app_id, reviews, positive, negative, positive_30d, negative_30d)
            VALUES ($1, 2600, 2300, 300, 5, 5)
            """,
            game,
        )
        await tx.execute(
            "INSERT INTO review_language_scores VALUES ($1, 'ru', 2250, 100), ($1, 'en', 50, 149), ($1, 'de', 0, 51)",
            game,
        )
    page = await shop.ask("GET", f"/v1/games/{game}/reviews", headers={"Accept-Language": "ru"})
    summary = page.body["summary"]
    assert (summary["all_time"]["percent"], summary["all_time"]["label_name"]) == (88, "Очень положительные")
    assert (summary["recent"]["label"], summary["recent"]["label_name"]) == ("mixed", "Смешанные")
    assert [(one["language"], one["label"]) for one in summary["languages"]] == [
        ("ru", "overwhelmingly_positive")
    ]
    english = await shop.ask("GET", f"/v1/games/{game}/reviews", headers={"Accept-Language": "en"})
    assert english.body["summary"]["all_time"]["label_name"] == "Very Positive"
