"""A developer publishes a game: organisation, members, legal details, draft, moderator, release, through Envoy and every service."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from yarl import URL

from samovar.kit.database import Database
from samovar.kit.identity import GRANTS_PER_TOKEN_MAX
from samovar.kit.settings import Secret
from samovar.services.auth.commands import roles_in
from samovar.services.auth.roles.domain import Wanted
from samovar.testing.hosting import Answer
from samovar.testing.platform import Platform
from tests.services.catalog.editing.desk import TAGS
from tests.services.catalog.pages import name_terms


class Person:
    """Somebody who is signed in."""

    def __init__(self, platform: Platform, email: str, account_id: str, tokens: dict[str, Any]) -> None:
        self.platform = platform
        self.email = email
        self.account_id = account_id
        self._tokens = tokens

    @property
    def token(self) -> str:
        """The access token."""
        return str(self._tokens["access_token"])

    async def refresh(self) -> None:
        """Get a new access token, with the roles of now."""
        body = {"refresh_token": self._tokens["refresh_token"]}
        self._tokens = (await self.platform.request("POST", "/v1/auth/refresh", json=body)).body

    async def ask(self, method: str, path: str | URL, **more: Any) -> Answer:
        """Ask at the gateway."""
        return await self.platform.request(method, path, token=self._tokens["access_token"], **more)


async def somebody(platform: Platform, *roles: str) -> Person:
    """Register a person who has roles."""
    email = f"{uuid4().hex}@example.org"
    person = {"email": email, "password": f"{uuid4()}", "display_name": "Аня", "consents": []}
    came = await platform.request("POST", "/v1/auth/register", json=person)
    assert came.status == 201, came.body
    made = Person(platform, email, came.body["account_id"], came.body)
    if roles:
        async with inside(platform, "auth") as database:
            for role in roles:
                await roles_in(database, phone_region="RU").grant(email, Wanted(role=role), reason="test")
        await made.refresh()
    return made


@asynccontextmanager
async def inside(platform: Platform, service: str) -> AsyncIterator[Database]:
    """Open a service's database as that service, whose events may be published."""
    url = platform.record["environment"][f"SAMOVAR_{service.upper()}__DATABASE_URL"]
    database = await Database.open(Secret(url), service=service, pool_size_min=0, pool_size_max=2)
    yield database
    await database.close()


async def test_a_developer_publishes_a_game_that_players_then_see(platform: Platform) -> None:
    owner, editor, moderator = (
        await somebody(platform),
        await somebody(platform),
        await somebody(platform, "moderator"),
    )
    founded = await owner.ask("POST", "/v1/dev/organizations", json={"name": "Чайная студия"})
    assert founded.status == 201, founded.body
    organisation_id = founded.body["id"]
    await owner.refresh()
    (mine,) = (await owner.ask("GET", "/v1/dev/organizations")).body
    assert (mine["organisation"]["id"], mine["levels"]) == (organisation_id, ["owner"])

    path = f"/v1/dev/organizations/{organisation_id}"
    added = await owner.ask(
        "POST", f"{path}/members", json={"account_id": editor.account_id, "level": "editor"}
    )
    assert added.status == 204, added.body
    await editor.refresh()
    members = await editor.ask("GET", f"{path}/members")
    assert {(one["level"], one["display_name"]) for one in members.body["items"]} == {
        ("owner", "Аня"),
        ("editor", "Аня"),
    }
    last = await owner.ask("DELETE", f"{path}/members/{owner.account_id}")
    assert (last.status, last.body["code"]) == (409, "developer.last_owner")
    claimed = await owner.ask(
        "PUT",
        f"{path}/legal",
        json={"legal_form": "company", "inn": "7707083893", "legal_name": "ООО «Чай»"},
    )
    assert claimed.status == 202, claimed.body

    async def confirmed() -> bool:
        shown = await owner.ask("GET", f"{path}/legal")
        return bool((shown.body["confirmed"] or {}).get("legal_name") == "ООО «Пример 7707083893»")

    app_id, slug = await draft(platform, editor, organisation_id)
    submitted = await editor.ask("POST", f"/v1/dev/apps/{app_id}/submit", json={"note": "первая"})
    assert submitted.status == 201, submitted.body
    hidden = await platform.request("GET", f"/v1/games/{slug}")
    assert hidden.status == 404
    shown = await moderator.ask("GET", f"/v1/admin/submissions/{submitted.body['id']}")
    assert shown.body["organisation_name"] == "Чайная студия"
    decided = await moderator.ask(
        "POST", f"/v1/admin/submissions/{submitted.body['id']}/approve", json={"reason": "в порядке"}
    )
    assert decided.status == 200, decided.body

    await platform.until(confirmed, within_s=30.0)
    released = await editor.ask("POST", f"/v1/dev/apps/{app_id}/release", json={})
    assert (released.status, released.body["state"]) == (200, "released"), released.body

    async def seen() -> bool:
        return bool((await platform.request("GET", f"/v1/games/{slug}")).status == 200)

    await platform.until(seen, within_s=10.0)
    again = await editor.ask("POST", f"/v1/dev/apps/{app_id}/submit", json={})
    assert (again.status, again.body["code"]) == (409, "developer.nothing_to_submit")


async def test_a_key_of_a_game_sets_its_prices_and_does_nothing_else(platform: Platform) -> None:
    owner = await somebody(platform)
    organisation_id = (await owner.ask("POST", "/v1/dev/organizations", json={"name": "Студия"})).body["id"]
    await owner.refresh()
    (app_id, _), (other_id, _) = [await draft(platform, owner, organisation_id) for _ in range(2)]
    path = f"/v1/dev/organizations/{organisation_id}/api-keys"
    order = {"name": "цены", "scope": "catalog.price.edit", "game_id": app_id}
    made = await owner.ask("POST", path, json=order)
    assert made.status == 201, made.body

    async def ask(method: str, path: str, **more: Any) -> Answer:
        return await platform.request(method, path, headers={"X-API-Key": made.body["key"]}, **more)

    assert (await ask("GET", f"/v1/dev/apps/{app_id}/discounts")).status == 200
    elsewhere = await ask("GET", f"/v1/dev/apps/{other_id}/discounts")
    assert (elsewhere.status, elsewhere.body["code"]) == (404, "catalog.app_not_found")
    for method, beyond, more in (
        ("POST", f"/v1/dev/apps/{app_id}/submit", {"json": {}}),
        ("PATCH", f"/v1/dev/apps/{app_id}", {"json": {"title": "Чужое"}}),
        ("GET", path, {}),
        ("GET", "/v1/auth/me", {}),
    ):
        refused = await ask(method, beyond, **more)
        assert refused.status == 403, (beyond, refused.body)
    assert (await owner.ask("DELETE", f"{path}/{made.body['made']['id']}")).status == 204

    async def ended() -> bool:
        return bool((await ask("GET", f"/v1/dev/apps/{app_id}/discounts")).status == 401)

    await platform.until(ended, within_s=5.0)


async def test_the_seventeenth_organisation_is_as_good_as_the_first(platform: Platform) -> None:
    person, owner = await somebody(platform), await somebody(platform)
    founded = await owner.ask("POST", "/v1/dev/organizations", json={"name": "Семнадцатая"})
    await owner.refresh()
    app_id, _ = await draft(platform, owner, founded.body["id"])
    async with inside(platform, "auth") as database:
        for _ in range(GRANTS_PER_TOKEN_MAX):
            other = Wanted(role="developer", organisation_id=uuid4(), level="owner")
            await roles_in(database, phone_region="RU").grant(person.email, other, reason="test")
        last = Wanted(role="developer", organisation_id=UUID(founded.body["id"]), level="editor")
        await roles_in(database, phone_region="RU").grant(person.email, last, reason="test")
    await person.refresh()
    for path in (
        f"/v1/dev/apps/{app_id}/discounts",
        f"/v1/dev/apps/{app_id}",
        f"/v1/dev/organizations/{founded.body['id']}",
    ):
        answer = await person.ask("GET", path)
        assert answer.status == 200, (path, answer.body)


async def draft(platform: Platform, editor: Person, organisation_id: str) -> tuple[str, str]:
    """Write a page that has all that a page needs; return the app and its slug."""
    slug = f"chajnik-{uuid4().hex[:12]}"
    made = await editor.ask(
        "POST",
        "/v1/dev/apps",
        json={
            "organisation_id": organisation_id,
            "slug": slug,
            "title": "Чайник",
            "short_description": "Про чайник",
            "age": {"rating": 6},
        },
    )
    assert made.status == 201, made.body
    async with inside(platform, "catalog") as database:
        await name_terms(database, "tag", *TAGS)
    out = io.BytesIO()
    Image.new("RGB", (616, 353), "#a52a2a").save(out, "PNG")
    picture = await editor.ask(
        "POST", "/v1/dev/media", data=out.getvalue(), headers={"Content-Type": "image/png"}
    )
    assert picture.status in {200, 201}, picture.body
    changed = await editor.ask(
        "PATCH",
        f"/v1/dev/apps/{made.body['app_id']}",
        json={
            "texts": {"ru": {"description": "Очень подробно."}},
            "tags": TAGS,
            "media": [{"kind": "capsule", **picture.body}],
            "licence": "MIT",
            "release": {"stage": "released"},
        },
    )
    assert changed.status == 200, changed.body
    return str(made.body["app_id"]), slug
