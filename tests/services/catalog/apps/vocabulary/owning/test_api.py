"""Organisations make and name their creators; to all others those are not there to change."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.identity import Level, RoleGrant
from samovar.testing.hosting import Answer, Running
from tests.services.catalog.editing.desk import Desk
from tests.services.catalog.pages import publish

PATH = "/v1/dev/creators"


class Studio:
    """Somebody with a level in an organisation."""

    def __init__(
        self,
        catalog: Running,
        level: Level = "editor",
        *,
        organisation_id: UUID | None = None,
        game_id: UUID | None = None,
    ) -> None:
        self.catalog = catalog
        self.organisation_id = organisation_id or uuid4()
        self.account_id = uuid4()
        self.grants = (RoleGrant(level, self.organisation_id, game_id),)

    async def ask(self, method: str, path: str = "", **more: Any) -> Answer:
        return await self.catalog.request(
            method,
            PATH + path,
            account_id=self.account_id,
            roles=("player", "developer"),
            grants=self.grants,
            **more,
        )

    async def make(self, **fields: Any) -> Answer:
        wanted = {"organisation_id": str(self.organisation_id), "slug": f"studio-{uuid4().hex[:12]}"}
        return await self.ask("POST", json=wanted | {"name": "Ёлки и палки"} | fields)


@pytest.fixture
def studio(catalog: Running) -> Studio:
    return Studio(catalog)


async def _history(database: Database, creator_id: str) -> list[Any]:
    found: list[Any] = await database.fetch_value(
        "SELECT jsonb_agg(jsonb_build_array(version, name, account_id) ORDER BY version) FROM creator_versions WHERE creator_id = $1",
        UUID(creator_id),
    )
    return found


async def test_an_organisation_makes_a_creator_and_its_pages_may_credit_it(
    catalog: Running, studio: Studio
) -> None:
    made = await studio.make(website="https://yolki.example")
    assert (made.status, made.body["name"], made.body["version"]) == (201, "Ёлки и палки", 1)
    desk = Desk(catalog, organisation_id=studio.organisation_id)
    app_id = await desk.new()
    credited = await desk.ask("PATCH", f"/{app_id}", json={"developers": [made.body["slug"]]})
    assert (credited.status, credited.body["page"]["developers"]) == (200, [made.body["slug"]])
    shown = await catalog.request("GET", f"/v1/creators/{made.body['slug']}")
    assert (shown.status, shown.body["website"]) == (200, "https://yolki.example")


async def test_a_new_name_is_on_every_page_and_on_record(catalog: Running, studio: Studio) -> None:
    made = await studio.make()
    slug, path = f"named-{uuid4().hex[:8]}", f"/{made.body['id']}"
    await publish(catalog.database, slug, developers=[made.body["slug"]])
    await catalog.request("GET", f"/v1/games/{slug}")
    changed = await studio.ask(
        "PATCH", path, json={"name": "Пни и коряги"}, headers={"If-Match": made.headers["etag"]}
    )
    assert (changed.status, changed.body["slug"], changed.body["version"]) == (200, made.body["slug"], 2)
    async with asyncio.timeout(10):
        while True:
            page = await catalog.request("GET", f"/v1/games/{slug}")
            if page.body["developers"][0]["name"] == "Пни и коряги":
                break
    who = str(studio.account_id)
    assert await _history(catalog.database, made.body["id"]) == [
        [1, "Ёлки и палки", who],
        [2, "Пни и коряги", who],
    ]
    again = await studio.ask("PATCH", path, json={"name": "Пни и коряги"})
    assert (again.status, again.body["version"]) == (200, 2)
    stale = await studio.ask("PATCH", path, json={"name": "Ёж"}, headers={"If-Match": made.headers["etag"]})
    assert stale.status == 412


async def test_what_is_left_out_stays_and_null_takes_the_website_away(studio: Studio) -> None:
    made = await studio.make(website="https://yolki.example")
    renamed = await studio.ask("PATCH", f"/{made.body['id']}", json={"name": "Ёж"})
    assert (renamed.body["name"], renamed.body["website"]) == ("Ёж", "https://yolki.example")
    cleared = await studio.ask("PATCH", f"/{made.body['id']}", json={"website": None})
    assert (cleared.body["name"], cleared.body["website"]) == ("Ёж", None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": None}, "name"),
        ({"slug": "Ёлки"}, "slug"),
        ({"slug": "a--b"}, "slug"),
        ({"slug": "a" * 97}, "slug"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "https://a\0b"}, "website"),
        ({"organisation_id": "none"}, "organisation_id"),
    ],
)
async def test_nonsense_is_refused_by_its_field(studio: Studio, fields: dict[str, Any], field: str) -> None:
    answer = await studio.make(**fields)
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, field)
    assert (await studio.ask("GET", f"?organisation_id={studio.organisation_id}")).body["items"] == []


@pytest.mark.parametrize(
    "fields", [{"slug": "other"}, {"organisation_id": str(uuid4())}, {"name": None}, {"name": " "}]
)
async def test_a_change_of_what_never_changes_is_refused(studio: Studio, fields: dict[str, Any]) -> None:
    made = await studio.make()
    answer = await studio.ask("PATCH", f"/{made.body['id']}", json=fields)
    assert answer.status == 422
    listed = await studio.ask("GET", f"?organisation_id={studio.organisation_id}")
    assert listed.body["items"] == [made.body]


async def test_a_slug_is_one_creators_alone_also_of_many_who_want_it_at_once(catalog: Running) -> None:
    slug = f"wanted-{uuid4().hex[:8]}"
    answers = await asyncio.gather(*(Studio(catalog).make(slug=slug) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [201, *[409] * 7]
    assert {one.body["code"] for one in answers if one.status == 409} == {"catalog.creator_slug_taken"}


@pytest.mark.parametrize("level", ["finance", "viewer"])
async def test_who_only_looks_changes_nothing(catalog: Running, studio: Studio, level: Level) -> None:
    made = await studio.make()
    other = Studio(catalog, level, organisation_id=studio.organisation_id)
    assert (await other.make()).status == 404
    assert (await other.ask("PATCH", f"/{made.body['id']}", json={"name": "Ёж"})).status == 404
    assert (await other.ask("GET", f"?organisation_id={studio.organisation_id}")).body["items"] == [made.body]


async def test_strangers_and_editors_of_one_game_find_nothing(catalog: Running, studio: Studio) -> None:
    made = await studio.make()
    one_game = Studio(catalog, organisation_id=studio.organisation_id, game_id=uuid4())
    for other in (Studio(catalog, "owner"), one_game):
        foreign = await other.ask("PATCH", f"/{made.body['id']}", json={"name": "Ёж"})
        none = await other.ask("PATCH", f"/{uuid4()}", json={"name": "Ёж"})
        assert (foreign.status, foreign.body["detail"]) == (404, none.body["detail"])
        assert (await other.make(organisation_id=str(studio.organisation_id))).status == 404
        listed = await other.ask("GET", f"?organisation_id={studio.organisation_id}")
        assert listed.body["items"] == []


async def test_an_organisation_has_no_more_than_it_may(catalog: Running, studio: Studio) -> None:
    await catalog.database.fetch_value(
        """
        WITH made AS (
            INSERT INTO creators (id, slug, name, organisation_id, created_at)
            SELECT gen_random_uuid(), $1 || '-' || number, 'x', $2, now() FROM generate_series(1, 49) AS number RETURNING id
        ) SELECT count(*) FROM made
        """,
        f"many-{uuid4().hex[:8]}",
        studio.organisation_id,
    )
    answers = await asyncio.gather(*(studio.make() for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
