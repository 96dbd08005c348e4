"""From a draft to the store, over REST."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.identity import RoleGrant
from samovar.services.developer.contract.events import AppReleased, SubmissionDecided, SubmissionMade
from tests.services.developer.bureau import Bureau, Page

WELL = {"reason": "всё хорошо"}


class Desk:
    """An organisation that publishes, and a moderator."""

    def __init__(self, bureau: Bureau, organisation_id: UUID) -> None:
        self.bureau = bureau
        self.organisation_id = organisation_id
        self.editor = f"editor@{organisation_id}"

    async def submit(self, page: Page, *, place: str | None = None, **said: Any) -> Any:
        """Submit the draft of a page."""
        return await self.bureau.ask(
            "POST", f"/v1/dev/apps/{page.id}/submit", place or self.editor, json=said
        )

    async def decide(self, submission_id: str, verdict: str = "approve", **more: Any) -> Any:
        """Decide as a moderator."""
        return await self.bureau.as_staff(
            "POST", f"/v1/admin/submissions/{submission_id}/{verdict}", "moderator", json=WELL, **more
        )

    async def release(self, page: Page, **said: Any) -> Any:
        """Release what was approved."""
        return await self.bureau.ask("POST", f"/v1/dev/apps/{page.id}/release", self.editor, json=said)

    async def states(self, page: Page) -> list[str]:
        """Return the states of what was submitted, the newest first."""
        answer = await self.bureau.ask("GET", f"/v1/dev/apps/{page.id}/submissions", self.editor)
        return [one["state"] for one in answer.body["items"]]

    async def approved(self) -> Page:
        """Return a page whose draft is approved."""
        page = self.bureau.add_page(self.organisation_id)
        made = await self.submit(page)
        assert (await self.decide(made.body["id"])).status == 200
        return page


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


async def test_a_draft_is_submitted_approved_and_released(desk: Desk) -> None:
    page = desk.bureau.add_page(desk.organisation_id)
    made = await desk.submit(page, note="первая версия", draft_version=1)
    assert (made.status, made.body["state"], made.body["is_first"]) == (201, "submitted", True)
    waiting = await desk.bureau.as_staff("GET", "/v1/admin/submissions?limit=100", "moderator")
    assert made.body["id"] in {one["id"] for one in waiting.body["items"]}
    shown = await desk.bureau.as_staff("GET", f"/v1/admin/submissions/{made.body['id']}", "moderator")
    assert shown.body["differences"] == [{"path": "title", "before": None, "after": "Сказки самовара"}]
    assert (shown.body["is_current"], shown.body["is_confirmed"], shown.body["organisation_name"]) == (
        True,
        True,
        "Самовар",
    )
    approved = await desk.decide(made.body["id"])
    assert (approved.status, approved.body["state"], approved.body["reason"]) == (
        200,
        "approved",
        "всё хорошо",
    )
    assert page.state == "draft"
    released = await desk.release(page)
    assert (released.status, released.body["state"], released.body["page_version"]) == (200, "released", 2)
    assert page.state == "published"
    developer = desk.bureau.developer
    told: list[SubmissionMade | SubmissionDecided | AppReleased] = [
        *await developer.events(SubmissionMade),
        *await developer.events(SubmissionDecided),
        *await developer.events(AppReleased),
    ]
    assert [type(one) for one in told if one.app_id == page.id] == [
        SubmissionMade,
        SubmissionDecided,
        AppReleased,
    ]


async def test_a_draft_that_lacks_something_is_not_taken(desk: Desk) -> None:
    page = desk.bureau.add_page(desk.organisation_id)
    page.lacking, page.clashes = [("media.capsule", "capsule_needed")], ["title"]
    answer = await desk.submit(page)
    assert (answer.status, answer.body["code"]) == (409, "developer.draft_unfit")
    assert {(one["field"], one["code"]) for one in answer.body["errors"]} == {
        ("media.capsule", "page_capsule_needed"),
        ("title", "draft_clash"),
    }
    page.lacking, page.clashes = [], []
    other = await desk.submit(page, draft_version=7)
    assert (other.status, other.body["code"]) == (409, "developer.draft_outdated")
    page.state, page.draft_id, page.draft_version = "published", None, 0
    nothing = await desk.submit(page)
    assert (nothing.status, nothing.body["code"]) == (409, "developer.nothing_to_submit")
    assert await desk.states(page) == []


async def test_one_submission_is_open_however_many_submit_at_once(desk: Desk) -> None:
    page = desk.bureau.add_page(desk.organisation_id)
    answers = await asyncio.gather(*(desk.submit(page) for _ in range(10)))
    assert sorted(answer.status for answer in answers) == [201] + [409] * 9
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {
        "developer.submission_open"
    }


async def test_one_moderator_of_many_decides(desk: Desk) -> None:
    page = desk.bureau.add_page(desk.organisation_id)
    made = await desk.submit(page)
    answers = await asyncio.gather(
        *(desk.decide(made.body["id"], verdict) for verdict in ("approve", "refuse", "request-changes") * 3)
    )
    assert sorted(answer.status for answer in answers) == [200] + [409] * 8
    told = [one for one in await desk.bureau.developer.events(SubmissionDecided) if one.app_id == page.id]
    assert len(told) == 1


async def test_a_draft_that_changed_since_is_neither_approved_nor_released(desk: Desk) -> None:
    page = desk.bureau.add_page(desk.organisation_id)
    made = await desk.submit(page)
    page.edit()
    stale = await desk.decide(made.body["id"])
    assert (stale.status, stale.body["code"]) == (409, "developer.draft_outdated")
    assert await desk.states(page) == ["outdated"]

    page = await desk.approved()
    # Another draft in its place, which counts its versions from 1 as the one that was looked at did.
    page.begin_anew()
    late = await desk.release(page)
    assert (late.status, late.body["state"], late.body["failure"]) == (
        200,
        "outdated",
        "catalog.draft_changed",
    )
    assert page.state == "draft"


async def test_what_is_sent_back_or_refused_may_be_submitted_again(desk: Desk) -> None:
    page = desk.bureau.add_page(desk.organisation_id)
    for verdict, state in (("request-changes", "changes_requested"), ("refuse", "refused")):
        made = await desk.submit(page)
        decided = await desk.decide(made.body["id"], verdict)
        assert (decided.status, decided.body["state"]) == (200, state)
        released = await desk.release(page)
        assert (released.status, released.body["code"]) == (404, "developer.submission_not_found")
    assert (await desk.submit(page)).status == 201


async def test_nobody_decides_about_their_own(desk: Desk) -> None:
    page, author = desk.bureau.add_page(desk.organisation_id), uuid4()
    made = await desk.bureau.ask(
        "POST", f"/v1/dev/apps/{page.id}/submit", desk.editor, account_id=author, json={}
    )
    own = await desk.decide(made.body["id"], account_id=author)
    assert (own.status, own.body["code"]) == (403, "developer.own_submission")
    member = await desk.bureau.developer.request(
        "POST",
        f"/v1/admin/submissions/{made.body['id']}/approve",
        account_id=uuid4(),
        roles=("player", "developer", "moderator"),
        grants=(RoleGrant.parse(f"viewer@{desk.organisation_id}"),),
        json=WELL,
    )
    assert (member.status, member.body["code"]) == (403, "developer.own_submission")


async def test_strangers_see_no_app(desk: Desk) -> None:
    page = desk.bureau.add_page(desk.organisation_id)
    imported = desk.bureau.add_page(None)
    for one, place in (
        (page, f"owner@{uuid4()}"),
        (page, f"finance@{desk.organisation_id}"),
        (imported, desk.editor),
    ):
        answer = await desk.submit(one, place=place)
        assert (answer.status, answer.body["code"]) == (404, "developer.app_not_found")
    of_game = f"editor@{desk.organisation_id}/{page.id}"
    assert (await desk.submit(page, place=of_game)).status == 201
    other = desk.bureau.add_page(desk.organisation_id)
    assert (await desk.submit(other, place=of_game)).status == 404
    missing = await desk.bureau.ask("POST", f"/v1/dev/apps/{uuid4()}/submit", desk.editor, json={})
    assert missing.status == 404


async def test_who_is_not_confirmed_in_law_releases_nothing(bureau: Bureau) -> None:
    desk = Desk(bureau, await bureau.found(uuid4()))
    page = await desk.approved()
    answer = await desk.release(page)
    assert (answer.status, answer.body["code"]) == (409, "developer.organisation_unconfirmed")
    assert (page.state, await desk.states(page)) == ("draft", ["approved"])


async def test_a_release_goes_out_at_its_moment_once(desk: Desk) -> None:
    page = await desk.approved()
    planned = await desk.release(page, at=(datetime.now(UTC) + timedelta(days=2)).isoformat())
    assert (planned.status, planned.body["state"]) == (200, "releasing")
    assert page.state == "draft"
    moved = await desk.release(page, at=(datetime.now(UTC) + timedelta(milliseconds=800)).isoformat())
    assert moved.status == 200
    await desk.bureau.developer.until("SELECT state = 'released' FROM submissions WHERE app_id = $1", page.id)
    assert page.state == "published"
    for at in ("2020-01-01T00:00:00Z", "2200-01-01T00:00:00Z"):
        refused = await desk.release(page, at=at)
        assert (refused.status, refused.body["errors"][0]["field"]) == (422, "at")


async def test_a_planned_release_may_be_taken_back(desk: Desk) -> None:
    page = await desk.approved()
    await desk.release(page, at=(datetime.now(UTC) + timedelta(days=2)).isoformat())
    gone = await desk.bureau.ask("DELETE", f"/v1/dev/apps/{page.id}/submission", desk.editor)
    assert (gone.status, await desk.states(page)) == (204, ["withdrawn"])
    again = await desk.bureau.ask("DELETE", f"/v1/dev/apps/{page.id}/submission", desk.editor)
    assert again.status == 404
    assert page.state == "draft"


async def test_an_answer_of_catalog_that_is_lost_releases_once(desk: Desk) -> None:
    page = await desk.approved()
    desk.bureau.editing.loses_answers = True
    lost = await desk.release(page)
    assert (lost.body["state"], lost.body["failure"]) == ("releasing", "developer.catalog_away")
    desk.bureau.editing.loses_answers = False
    await desk.bureau.developer.database.fetch_value(
        "UPDATE submissions SET next_try_at = now() WHERE app_id = $1 RETURNING true", page.id
    )
    await desk.bureau.developer.until("SELECT state = 'released' FROM submissions WHERE app_id = $1", page.id)
    assert [app for app, _ in desk.bureau.editing.published].count(str(page.id)) == 1
    told = [one for one in await desk.bureau.developer.events(AppReleased) if one.app_id == page.id]
    assert [one.page_version for one in told] == [2]


async def test_without_catalog_nothing_is_submitted(desk: Desk) -> None:
    page = desk.bureau.add_page(desk.organisation_id)
    desk.bureau.editing.away = True
    answer = await desk.submit(page)
    desk.bureau.editing.away = False
    assert (answer.status, answer.body["code"]) == (503, "developer.catalog_away")
    assert await desk.states(page) == []
