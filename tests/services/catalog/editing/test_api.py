"""Developers edit drafts; the public page stays as it is; two who edit at once lose nothing; to all others there is nothing."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.identity import Level, RoleGrant
from samovar.services.catalog.contract.events import AppChanged
from samovar.testing.hosting import WAIT_S, Running
from tests.services.catalog.editing.desk import TAGS, Desk, picture


async def _page(catalog: Running, app_id: str) -> Any:
    return await catalog.database.fetch_value("SELECT document FROM apps WHERE id = $1::text::uuid", app_id)


async def test_an_app_begins_as_a_draft_that_nobody_else_sees(catalog: Running) -> None:
    desk = Desk(catalog)
    made = await desk.create(slug=f"kettle-{uuid4().hex[:8]}")
    assert made.status == 201
    assert (made.body["state"], made.body["draft_version"], made.body["page"]["title"]) == (
        "draft",
        0,
        "Чайник",
    )
    shown = await desk.ask("GET", f"/{made.body['app_id']}")
    assert (shown.body, shown.headers["etag"]) == (made.body, made.headers["etag"])
    event = (await catalog.events(AppChanged))[-1]
    assert (str(event.app_id), event.state, event.organisation_id) == (
        made.body["app_id"], "draft", desk.organisation_id,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"slug": "Not A Slug"}, "slug", "wrong_pattern"),
        ({"title": ""}, "title", "too_short"),
        ({"title": "\u200b"}, "title", "unprintable"),
        ({"age": {"rating": 7}}, "age.rating", "not_offered"),
        ({"kind": "dlc"}, "base", "missing"),
        ({"kind": "dlc", "base": "nothing"}, "base", "base_unknown"),
        ({"more": 1}, "more", "unknown"),
    ],
)
async def test_a_new_app_that_breaks_a_rule_is_refused(
    catalog: Running, fields: dict[str, Any], field: str, code: str
) -> None:
    answer = await Desk(catalog).create(**fields)
    assert answer.status == 422
    assert [(one["field"], one["code"]) for one in answer.body["errors"]] == [(field, code)]


async def test_a_slug_is_taken_once(catalog: Running) -> None:
    slug = f"kettle-{uuid4().hex[:8]}"
    statuses = [
        answer.status for answer in await asyncio.gather(*(Desk(catalog).create(slug=slug) for _ in range(3)))
    ]
    assert sorted(statuses) == [201, 409, 409]


async def test_a_draft_changes_field_by_field_and_the_page_stays(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.published()
    before = await _page(catalog, app_id)
    patch = {
        "texts": {"en": {"short_description": "About a kettle"}, "ru": {"title": "Чайник 2"}},
        "licence": None,
        "tags": TAGS[:2],
    }
    changed = await desk.ask("PATCH", f"/{app_id}", json=patch)
    assert changed.status == 200
    page = changed.body["page"]
    assert (page["texts"]["ru"]["description"], page["texts"]["ru"]["title"]) == (
        "Очень подробно.",
        "Чайник 2",
    )
    assert ("licence" in page, page["tags"], changed.body["draft_version"]) == (False, TAGS[:2], 1)
    assert await _page(catalog, app_id) == before
    assert (await desk.ask("GET", f"/{app_id}")).headers["etag"] == changed.headers["etag"]


@pytest.mark.parametrize(
    ("patch", "field", "code"),
    [
        ({"title": None}, "title", "missing"),
        ({"title": 5}, "title", "wrong_type"),
        ({"slug": "other"}, "slug", "never_changes"),
        ({"kind": "tool"}, "kind", "never_changes"),
        ({"tags": ["no-such-tag"]}, "tags[0]", "term_unknown"),
        ({"tags": ["cosy", "cosy"]}, "tags[1]", "twice"),
        ({"developers": ["nobody"]}, "developers[0]", "creator_unknown"),
        (
            {"media": [{"kind": "hero", "image": "0" * 64, "width": 1, "height": 1}]},
            "media[0].image",
            "image_unknown",
        ),
        ({"visible": {"only_in": ["XX"]}}, "visible.only_in[0]", "country_unknown"),
        ({"texts": {"de": {"short_description": "Kessel"}}}, "texts", "not_offered"),
        ({"texts": None}, "texts", "missing"),
        ({"description": "x"}, "description", "unknown"),
        ({"website": "javascript:alert(1)"}, "website", "wrong_pattern"),
    ],
)
async def test_a_change_that_breaks_a_rule_is_refused_and_changes_nothing(
    catalog: Running, patch: dict[str, Any], field: str, code: str
) -> None:
    desk = Desk(catalog)
    app_id = await desk.whole()
    before = await desk.ask("GET", f"/{app_id}")
    answer = await desk.ask("PATCH", f"/{app_id}", json=patch)
    assert answer.status == 422
    assert (field, code) in [(one["field"], one["code"]) for one in answer.body["errors"]]
    assert (await desk.ask("GET", f"/{app_id}")).body == before.body


async def test_nonsense_is_refused(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.new()
    for body in (b"[]", b"null", b'"x"', b"5"):
        assert (await desk.ask("PATCH", f"/{app_id}", data=body, headers=_JSON)).status == 422
    for body in (b"{", b'{"title": NaN}', b'{"title": "\xff"}'):
        assert (await desk.ask("PATCH", f"/{app_id}", data=body, headers=_JSON)).status == 400
    deep = b'{"texts":' * 200 + b"1" + b"}" * 200
    assert (await desk.ask("PATCH", f"/{app_id}", data=deep, headers=_JSON)).status == 422
    deeper = b'{"texts":' * 50_000 + b"1" + b"}" * 50_000
    assert (await desk.ask("PATCH", f"/{app_id}", data=deeper, headers=_JSON)).status == 400


_JSON = {"Content-Type": "application/json"}


async def test_two_editors_at_once_lose_nothing(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.whole()
    await asyncio.gather(
        desk.ask("PATCH", f"/{app_id}", json={"website": "https://example.org"}),
        desk.ask("PATCH", f"/{app_id}", json={"licence": "GPL-3.0-only"}),
        desk.ask("PATCH", f"/{app_id}", json={"texts": {"en": {"short_description": "x"}}}),
    )
    page = (await desk.ask("GET", f"/{app_id}")).body["page"]
    assert (page["website"], page["licence"], page["texts"]["en"]["short_description"]) == (
        "https://example.org", "GPL-3.0-only", "x",
    )  # fmt: skip


async def test_of_two_who_have_seen_the_same_one_is_told_to_look_again(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.whole()
    seen = {"If-Match": (await desk.ask("GET", f"/{app_id}")).headers["etag"]}
    answers = await asyncio.gather(
        *(desk.ask("PATCH", f"/{app_id}", json={"licence": f"L{n}"}, headers=seen) for n in range(4))
    )
    assert sorted(answer.status for answer in answers) == [200, 412, 412, 412]


async def test_the_difference_is_told_field_by_field(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.published()
    await desk.ask(
        "PATCH", f"/{app_id}", json={"texts": {"ru": {"title": "Новый"}}, "tags": TAGS[1:], "licence": None}
    )
    diff = (await desk.ask("GET", f"/{app_id}/draft/diff")).body
    found = {one["path"]: one for one in diff["differences"]}
    assert found.keys() == {"texts.ru.title", "tags", "licence"}
    assert (found["texts.ru.title"]["before"], found["texts.ru.title"]["after"]) == (None, "Новый")
    assert (found["tags"]["added"], found["tags"]["removed"]) == ([], [TAGS[0]])
    assert (found["licence"]["before"], found["licence"]["after"]) == ("MIT", None)
    assert [(one["field"], one["code"], one["limit"]) for one in diff["needed"][:1]] == [
        ("tags", "tags_needed", "5")
    ]
    assert [one["field"] for one in diff["needed"]] == ["tags", "packages"]


async def test_a_page_that_was_changed_meanwhile_is_merged_field_by_field(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.published()
    await desk.ask("PATCH", f"/{app_id}", json={"title": "Мой", "website": "https://mine.example"})
    edit = {"reason": "жалоба", "page": {"title": "Их", "age": {"rating": 12}}}
    assert (await desk.moderate("PATCH", f"/{app_id}", json=edit)).status == 200
    draft = await desk.ask("GET", f"/{app_id}")
    assert (draft.body["clashes"], draft.body["page"]["title"]) == (["title"], "Мой")
    diff = (await desk.ask("GET", f"/{app_id}/draft/diff")).body
    assert diff["clashes"] == [{"path": "title", "base": "Чайник", "mine": "Мой", "theirs": "Их"}]
    assert [one["path"] for one in diff["differences"]] == ["website"]

    refused = await desk.moderate("POST", f"/{app_id}/publish", json={"reason": "в порядке"})
    assert (refused.status, refused.body["code"]) == (409, "catalog.draft_clashes")
    undecided = await desk.ask("POST", f"/{app_id}/draft/merge", json={})
    assert (undecided.status, "title" in undecided.body["detail"]) == (409, True)

    merged = await desk.ask("POST", f"/{app_id}/draft/merge", json={"choices": {"title": "mine"}})
    assert (merged.status, merged.body["clashes"]) == (200, [])
    assert merged.body["base_version"] == merged.body["page_version"]
    published = await desk.moderate("POST", f"/{app_id}/publish", json={"reason": "в порядке"})
    page = published.body["page"]
    assert (page["title"], page["age"]["rating"], page["website"]) == ("Мой", 12, "https://mine.example")


async def test_a_draft_that_is_dropped_or_undone_is_none(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.published()
    await desk.ask("PATCH", f"/{app_id}", json={"title": "Другой"})
    await desk.ask("PATCH", f"/{app_id}", json={"title": "Чайник"})
    assert (await desk.ask("GET", f"/{app_id}")).body["draft_version"] == 0
    await desk.ask("PATCH", f"/{app_id}", json={"title": "Другой"})
    assert (await desk.ask("DELETE", f"/{app_id}/draft")).status == 204
    assert (await desk.ask("DELETE", f"/{app_id}/draft")).status == 204
    assert (await desk.ask("GET", f"/{app_id}")).body["page"]["title"] == "Чайник"


async def test_pictures_of_a_draft_are_kept_while_it_is_there(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.published()
    shot = await picture(catalog) | {"kind": "screenshot"}
    media = (await desk.ask("GET", f"/{app_id}")).body["page"]["media"]
    await desk.ask("PATCH", f"/{app_id}", json={"media": [*media, shot]})
    held = "SELECT count(*) FROM image_uses WHERE image = $1"
    assert await catalog.database.fetch_value(held, shot["image"]) == 1
    await desk.ask("DELETE", f"/{app_id}/draft")
    assert await catalog.database.fetch_value(held, shot["image"]) == 0


async def test_the_history_is_told_and_an_old_version_comes_back_as_a_draft(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.published()
    await desk.moderate("PATCH", f"/{app_id}", json={"reason": "опечатка", "page": {"title": "Чайникъ"}})
    first = (await desk.ask("GET", f"/{app_id}/history", params={"limit": 2})).body
    assert [(one["version"], one["reason"]) for one in first["items"]] == [(3, "опечатка"), (2, "в порядке")]
    assert first["items"][0]["account_id"] == str(desk.moderator_id)
    rest = await desk.ask("GET", f"/{app_id}/history", params={"cursor": first["next_cursor"]})
    assert [(one["version"], one["account_id"]) for one in rest.body["items"]] == [(1, str(desk.account_id))]

    old = (await desk.ask("GET", f"/{app_id}/history/3")).body
    assert [(one["path"], one["before"], one["after"]) for one in old["differences"]] == [
        ("title", "Чайник", "Чайникъ")
    ]
    restored = await desk.ask("POST", f"/{app_id}/history/2/restore")
    assert (restored.status, restored.body["page"]["title"], restored.body["draft_version"]) == (
        200,
        "Чайник",
        1,
    )
    for path in ("/history/99", "/history/0", "/history/99999999999999999999"):
        assert (await desk.ask("GET", f"/{app_id}{path}")).status in {404, 422}


async def test_what_changed_in_a_release_is_noted_once(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.published()
    entry = {"release": "1.1", "texts": {"ru": "Кипит"}, "published_at": "2026-01-01T00:00:00Z"}
    for text in ("Кипит", "Кипит быстрее", "Кипит быстрее"):
        answer = await desk.ask("POST", f"/{app_id}/changelog", json=entry | {"texts": {"ru": text}})
        assert answer.status == 201
    rows = "SELECT texts->>'ru' FROM changelog_entries WHERE app_id = $1::text::uuid"
    assert await catalog.database.fetch_value(rows, app_id) == "Кипит быстрее"
    ahead = await desk.ask(
        "POST", f"/{app_id}/changelog", json=entry | {"published_at": "2126-01-01T00:00:00Z"}
    )
    assert (ahead.status, ahead.body["errors"][0]["code"]) == (422, "in_future")
    assert (await desk.ask("POST", f"/{app_id}/changelog", json={"release": "", "texts": {}})).status == 422


@pytest.mark.parametrize("level", ["viewer", "finance"])
async def test_whoever_may_look_may_not_change(catalog: Running, level: Level) -> None:
    desk = Desk(catalog)
    app_id = await desk.new()
    other = Desk(catalog, level=level, organisation_id=desk.organisation_id)
    assert (await other.ask("GET", f"/{app_id}")).status == 200
    assert (await other.ask("GET", f"/{app_id}/history")).status == 200
    for method, path, body in _CHANGES:
        assert (await other.ask(method, f"/{app_id}{path}", json=body)).status == 404
    assert (await other.create()).status == 404


async def test_to_others_there_is_nothing(catalog: Running) -> None:
    app_id = await Desk(catalog).whole()
    stranger = Desk(catalog)
    for method, path, body in [*_CHANGES, ("GET", "", None), ("GET", "/draft/diff", None), ("GET", "/history", None), ("GET", "/history/1", None)]:  # fmt: skip
        theirs = await stranger.ask(method, f"/{app_id}{path}", json=body)
        nothing = await stranger.ask(method, f"/{uuid4()}{path}", json=body)
        assert (theirs.status, theirs.body["code"]) == (404, nothing.body["code"])
    player = await catalog.request("GET", f"/v1/dev/apps/{app_id}", account_id=uuid4())
    assert player.status == 403
    assert (await catalog.request("GET", f"/v1/dev/apps/{app_id}")).status == 401


_CHANGES: list[tuple[str, str, Any]] = [
    ("PATCH", "", {"title": "x"}),
    ("POST", "/draft/merge", {}),
    ("DELETE", "/draft", None),
    ("POST", "/history/1/restore", None),
    ("POST", "/changelog", {"release": "1", "texts": {"ru": "x"}}),
]


async def test_the_list_is_of_ones_own(catalog: Running) -> None:
    desk, other = Desk(catalog), Desk(catalog)
    ids = [await desk.new() for _ in range(3)]
    await other.new()
    first = (await desk.ask("GET", "", params={"limit": 2})).body
    rest = (await desk.ask("GET", "", params={"cursor": first["next_cursor"]})).body
    assert [one["app_id"] for one in (*first["items"], *rest["items"])] == ids[::-1]
    theirs = await desk.ask("GET", "", params={"organisation_id": str(other.organisation_id)})
    assert theirs.body["items"] == []
    desk.grants = (RoleGrant("editor", desk.organisation_id, None), *other.grants)
    assert len((await desk.ask("GET", "")).body["items"]) == 4
    assert (await desk.ask("GET", "", params={"cursor": "nonsense"})).status == 422


async def test_an_editor_of_one_game_edits_that_and_its_dlc(catalog: Running) -> None:
    desk = Desk(catalog)
    slug = f"kettle-{uuid4().hex[:8]}"
    game = (await desk.create(slug=slug)).body["app_id"]
    dlc = await desk.new(kind="dlc", base=slug)
    other = await desk.new()
    desk.grants = (RoleGrant("editor", desk.organisation_id, game),)
    statuses = [
        (await desk.ask("PATCH", f"/{one}", json={"licence": "MIT"})).status for one in (game, dlc, other)
    ]
    assert statuses == [200, 200, 404]
    assert (await desk.create()).status == 404
    assert {one["app_id"] for one in (await desk.ask("GET", "")).body["items"]} == {game, dlc}


async def test_what_is_noted_of_a_release_stands_on_the_page_soon(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.published()
    assert (await catalog.request("GET", f"/v1/games/{app_id}")).body["changelog"] is None
    await desk.ask("POST", f"/{app_id}/changelog", json={"release": "1.1", "texts": {"ru": "Кипит"}})
    async with asyncio.timeout(WAIT_S):
        while not (await catalog.request("GET", f"/v1/games/{app_id}")).body["changelog"]:  # noqa: ASYNC110  by NATS
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"release": " "}, "release"),
        ({"release": "a\u202eb"}, "release"),
        ({"release": "1\0"}, "release"),
        ({"texts": {"ru": "  "}}, "texts.ru"),
        ({"texts": {"en": "a\0"}}, "texts.en"),
        ({"published_at": "0001-01-01T00:00:00+14:00"}, "published_at"),
    ],
)
async def test_what_says_nothing_of_a_release_is_not_noted(
    catalog: Running, wish: dict[str, Any], field: str
) -> None:
    desk = Desk(catalog)
    app_id = await desk.new()
    entry = {"release": "1.0", "texts": {"ru": "Вышли"}} | wish
    refused = await desk.ask("POST", f"/{app_id}/changelog", json=entry)
    assert (refused.status, [one["field"] for one in refused.body["errors"]]) == (422, [field])


async def test_nothing_belongs_to_a_game_of_others(catalog: Running) -> None:
    theirs, ours = f"theirs-{uuid4().hex[:8]}", f"ours-{uuid4().hex[:8]}"
    owner, desk = Desk(catalog), Desk(catalog)
    await owner.new(slug=theirs)
    await desk.new(slug=ours)
    foreign = await desk.create(kind="dlc", base=theirs)
    none = await desk.create(kind="dlc", base="nothing-at-all")
    assert foreign.status == none.status == 422
    assert foreign.body["errors"] == none.body["errors"]
    dlc = await desk.new(kind="dlc", base=ours)
    moved = await desk.ask("PATCH", f"/{dlc}", json={"base": theirs})
    assert (moved.status, moved.body["errors"][0]["code"]) == (422, "base_unknown")


async def test_the_list_of_an_editor_of_one_game_holds_nothing_of_others(catalog: Running) -> None:
    desk, other = Desk(catalog), Desk(catalog)
    slug = f"game-{uuid4().hex[:8]}"
    app_id = await desk.new(slug=slug)
    dlc = await desk.new(kind="dlc", base=slug)
    # As it may have come by an import: of another organisation, and belonging to this game.
    foreign = await other.new()
    await catalog.database.fetch_value(
        "UPDATE apps SET kind = 'dlc', base_app_id = $1::text::uuid WHERE id = $2::text::uuid RETURNING 1",
        app_id,
        foreign,
    )
    desk.grants = (RoleGrant("editor", desk.organisation_id, UUID(app_id)),)
    listed = await desk.ask("GET", "")
    assert {one["app_id"] for one in listed.body["items"]} == {app_id, dlc}


async def test_names_in_a_page_show_something(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.new()
    said = {
        "release": {"promise": {"ru": "весна\u202e"}},
        "media": [{**await picture(catalog), "alt": {"ru": " "}}],
    }
    refused = await desk.ask("PATCH", f"/{app_id}", json=said)
    assert refused.status == 422
    assert {one["field"] for one in refused.body["errors"]} == {"release.promise.ru", "media[0].alt.ru"}
