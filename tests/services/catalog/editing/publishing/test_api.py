"""A draft becomes the page when it is whole; pages leave the store and come back; only staff decides."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.catalog.contract.events import AppChanged
from samovar.testing.hosting import Running
from tests.services.catalog.editing.desk import TAGS, Desk

_REASON = {"reason": "в порядке"}


async def test_a_whole_draft_becomes_the_page(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.whole()
    answer = await desk.moderate("POST", f"/{app_id}/publish", json=_REASON | {"draft_version": 1})
    assert (answer.status, answer.body["state"], answer.body["version"]) == (200, "published", 2)
    assert answer.body["page"]["tags"] == TAGS
    told = [event for event in await catalog.events(AppChanged) if event.app_id == UUID(app_id)]
    assert [event.state for event in told] == ["draft", "published"]
    assert (await desk.ask("GET", f"/{app_id}")).body["draft_version"] == 0
    again = await desk.moderate("POST", f"/{app_id}/publish", json=_REASON)
    assert (again.status, again.body["code"]) == (409, "catalog.nothing_to_publish")


@pytest.mark.parametrize(
    ("patch", "lacking"),
    [
        ({"texts": {"ru": None, "en": {"short_description": "x"}}}, [("texts.ru", "text_needed")]),
        ({"texts": {"ru": {"description": None}}}, [("texts.ru.description", "text_needed")]),
        ({"media": []}, [("media", "capsule_needed")]),
        ({"tags": TAGS[:4]}, [("tags", "tags_needed")]),
        ({"licence": None}, [("packages", "package_needed")]),
        ({"tags": [], "licence": None, "release": {"stage": "coming_soon"}}, []),
    ],
)
async def test_what_a_page_lacks_is_named(
    catalog: Running, patch: dict[str, Any], lacking: list[tuple[str, str]]
) -> None:
    desk = Desk(catalog)
    app_id = await desk.whole()
    await desk.ask("PATCH", f"/{app_id}", json=patch)
    answer = await desk.moderate("POST", f"/{app_id}/publish", json=_REASON)
    if lacking:
        assert (answer.status, answer.body["code"]) == (422, "catalog.page_incomplete")
        assert [(one["field"], one["code"]) for one in answer.body["errors"]] == lacking
        assert (await desk.moderate("GET", f"/{app_id}")).body["state"] == "draft"
    else:
        assert answer.status == 200


async def test_a_package_on_sale_is_as_good_as_a_free_licence(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.whole()
    await desk.ask("PATCH", f"/{app_id}", json={"licence": None})
    assert (await desk.moderate("POST", f"/{app_id}/publish", json=_REASON)).status == 422
    async with catalog.database.transaction() as tx:
        package_id = uuid4()
        await tx.execute(
            "INSERT INTO packages (id, slug, app_id, names, place, state, sold, activatable, version, created_at, updated_at)"
            " VALUES ($1, $2, $3::text::uuid, '{}', 0, 'on_sale', '{}', '{}', 1, now(), now())",
            package_id,
            f"p-{package_id}",
            app_id,
        )
        await tx.execute("INSERT INTO package_apps VALUES ($1, $2::text::uuid, 0)", package_id, app_id)
    assert (await desk.moderate("POST", f"/{app_id}/publish", json=_REASON)).status == 200


async def test_another_draft_than_was_looked_at_is_not_published(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.whole()
    await desk.ask("PATCH", f"/{app_id}", json={"title": "Другое"})
    answer = await desk.moderate("POST", f"/{app_id}/publish", json=_REASON | {"draft_version": 1})
    assert (answer.status, answer.body["code"]) == (412, "catalog.draft_changed")
    assert (await desk.moderate("GET", f"/{app_id}")).body["version"] == 1


async def test_publishing_while_somebody_edits_loses_no_edit(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.whole()
    publish = desk.moderate("POST", f"/{app_id}/publish", json=_REASON)
    edit = desk.ask("PATCH", f"/{app_id}", json={"website": "https://example.org"})
    published, edited = await asyncio.gather(publish, edit)
    assert (published.status, edited.status) == (200, 200)
    draft = (await desk.ask("GET", f"/{app_id}")).body
    page = (await desk.moderate("GET", f"/{app_id}")).body["page"]
    assert (draft["page"]["website"], draft["clashes"]) == ("https://example.org", [])
    # Either the edit came first and was published, or it begins a draft of the new page.
    assert ("website" in page) == (draft["draft_version"] == 0)


async def test_two_publish_once(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.whole()
    answers = await asyncio.gather(
        *(desk.moderate("POST", f"/{app_id}/publish", json=_REASON) for _ in range(3))
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    assert (await desk.moderate("GET", f"/{app_id}")).body["version"] == 2


async def test_a_page_leaves_the_store_and_comes_back(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.published()
    for _ in range(2):
        left = await desk.moderate("POST", f"/{app_id}/withdraw", json={"reason": "жалоба"})
        assert (left.status, left.body["state"], left.body["version"]) == (200, "withdrawn", 3)
    await desk.ask("PATCH", f"/{app_id}", json={"title": "Другое"})
    hidden = await desk.moderate("POST", f"/{app_id}/publish", json=_REASON)
    assert (hidden.body["state"], hidden.body["page"]["title"]) == ("withdrawn", "Другое")
    back = await desk.moderate("POST", f"/{app_id}/restore", json={"reason": "исправили"})
    assert (back.status, back.body["state"]) == (200, "published")


async def test_what_was_never_in_the_store_does_not_leave_it(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.new()
    codes = [
        (await desk.moderate("POST", f"/{app_id}/{what}", json={"reason": "x"})).body["code"]
        for what in ("withdraw", "restore")
    ]
    assert codes == ["catalog.not_published", "catalog.not_withdrawn"]


async def test_a_moderator_mends_the_page_itself_as_it_was_seen(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.published()
    seen = {"If-Match": (await desk.moderate("GET", f"/{app_id}")).headers["etag"]}
    edit = {"reason": "опечатка", "page": {"title": "Чайникъ"}}
    assert (await desk.moderate("PATCH", f"/{app_id}", json=edit, headers=seen)).body["page"][
        "title"
    ] == "Чайникъ"
    assert (await desk.moderate("PATCH", f"/{app_id}", json=edit, headers=seen)).status == 412
    broken: list[dict[str, Any]] = [
        {"page": {}},
        {"reason": "", "page": {}},
        {"reason": "x", "page": []},
        {"reason": "x" * 501, "page": {}},
    ]
    for wrong in broken:
        assert (await desk.moderate("PATCH", f"/{app_id}", json=wrong)).status == 422
    bad = await desk.moderate("PATCH", f"/{app_id}", json={"reason": "x", "page": {"tags": ["no-such"]}})
    assert [(one["field"], one["code"]) for one in bad.body["errors"]] == [("page.tags[0]", "term_unknown")]


async def test_developers_do_not_publish(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.whole()
    for method, path in (
        ("GET", ""),
        ("PATCH", ""),
        ("POST", "/publish"),
        ("POST", "/withdraw"),
        ("POST", "/restore"),
    ):
        answer = await catalog.request(
            method,
            f"/v1/admin/catalog/apps/{app_id}{path}",
            account_id=desk.account_id,
            roles=("player", "developer"),
            grants=desk.grants,
            json=_REASON | ({"page": {}} if method == "PATCH" else {}),
        )
        assert answer.status == 403
    nothing = await desk.moderate("POST", f"/{uuid4()}/publish", json=_REASON)
    assert (nothing.status, nothing.body["code"]) == (404, "catalog.app_not_found")


@pytest.mark.parametrize("reason", ["", "  ", "\n", "a\0b", "x" * 501])
async def test_a_reason_says_something(catalog: Running, reason: str) -> None:
    desk = Desk(catalog)
    app_id = await desk.published()
    refused = await desk.moderate("POST", f"/{app_id}/withdraw", json={"reason": reason})
    assert (refused.status, [one["field"] for one in refused.body["errors"]]) == (422, ["reason"])
    assert (await desk.moderate("GET", f"/{app_id}")).body["state"] == "published"
