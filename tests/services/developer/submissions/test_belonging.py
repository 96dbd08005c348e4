"""What belongs to a game goes to the store with it or after it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.services.developer.bureau import Bureau, Page
from tests.services.developer.submissions.test_api import Desk


@pytest.fixture
async def desk(bureau: Bureau) -> Desk:
    organisation_id = await bureau.found(uuid4())
    await bureau.developer.database.fetch_value(
        """
        INSERT INTO legal_claims (id, organisation_id, legal_form, inn, state, claimed_by, claimed_at)
        VALUES (gen_random_uuid(), $1, 'company', lpad((random() * 9999999999)::bigint::text, 10, '0'), 'confirmed', $1, now())
        RETURNING true
        """,
        organisation_id,
    )
    return Desk(bureau, organisation_id)


async def _with_dlc(desk: Desk) -> tuple[Page, Page]:
    """Return a game and its DLC, both approved."""
    game = await desk.approved()
    dlc = desk.bureau.add_page(desk.organisation_id)
    dlc.game = game
    made = await desk.submit(dlc)
    assert (await desk.decide(made.body["id"])).status == 200
    return game, dlc


def _in(**span: int) -> str:
    return (datetime.now(UTC) + timedelta(**span)).isoformat()


async def test_a_dlc_is_not_released_before_its_game(desk: Desk) -> None:
    game, dlc = await _with_dlc(desk)
    for said in ({}, {"at": _in(days=3)}):
        refused = await desk.release(dlc, **said)
        assert (refused.status, refused.body["code"]) == (409, "developer.base_unreleased")
    await desk.release(game, at=_in(days=5))
    assert (await desk.release(dlc, at=_in(days=4))).status == 409
    assert (await desk.release(dlc, at=_in(days=6))).body["state"] == "releasing"


async def test_both_are_released_at_one_moment(desk: Desk) -> None:
    game, dlc = await _with_dlc(desk)
    at = _in(milliseconds=900)
    assert (await desk.release(game, at=at)).status == 200
    assert (await desk.release(dlc, at=at)).status == 200
    await desk.bureau.developer.until(
        "SELECT count(*) = 2 FROM submissions WHERE app_id = ANY($1::uuid[]) AND state = 'released'",
        [game.id, dlc.id],
    )
    assert (game.state, dlc.state) == ("published", "published")
    order = [app_id for app_id, _ in desk.bureau.editing.published]
    assert order.index(str(game.id)) < order.index(str(dlc.id))


async def test_after_the_game_it_is_released_at_once(desk: Desk) -> None:
    game, dlc = await _with_dlc(desk)
    assert (await desk.release(game)).body["state"] == "released"
    assert (await desk.release(dlc)).body["state"] == "released"


async def test_a_release_ends_with_that_of_its_game(desk: Desk) -> None:
    game, dlc = await _with_dlc(desk)
    await desk.release(game, at=_in(days=2))
    await desk.release(dlc, at=_in(days=2))
    await desk.bureau.ask("DELETE", f"/v1/dev/apps/{game.id}/submission", desk.editor)
    database = desk.bureau.developer.database
    async with database.transaction() as tx:
        await tx.execute("UPDATE submissions SET next_try_at = now() WHERE app_id = $1", dlc.id)
    await desk.bureau.developer.until("SELECT state = 'outdated' FROM submissions WHERE app_id = $1", dlc.id)
    answer = await desk.bureau.ask("GET", f"/v1/dev/apps/{dlc.id}/submissions", desk.editor)
    assert answer.body["items"][0]["failure"] == "catalog.base_not_published"


async def test_a_level_for_a_game_releases_what_belongs_to_it(desk: Desk) -> None:
    game, dlc = await _with_dlc(desk)
    place = f"editor@{desk.organisation_id}/{game.id}"
    path = f"/v1/dev/apps/{dlc.id}/submissions"
    assert (await desk.bureau.ask("GET", path, place)).status == 200
    other = f"editor@{desk.organisation_id}/{uuid4()}"
    assert (await desk.bureau.ask("GET", path, other)).status == 404
