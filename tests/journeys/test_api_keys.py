"""A developer's server at the front door: with an API key, through Envoy, the edge and auth, and refused within seconds."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.settings import Secret
from samovar.services.auth.commands import roles_in
from samovar.services.auth.roles.domain import Wanted
from samovar.testing.hosting import Answer
from samovar.testing.platform import Platform

# What every process promises of a revocation.
REFUSED_WITHIN_S = 5.0
KEYS, TICKETS, ROLES = "/v1/auth/api-keys", "/v1/auth/launch-tickets", "/v1/admin/roles"


class Person(msgspec.Struct):
    """Somebody who has signed in."""

    id: str
    token: str
    refresh_token: str


class Front:
    """The gateway, as people and servers speak to it, and auth's database beside it."""

    def __init__(self, platform: Platform, database: Database) -> None:
        self.platform = platform
        self.database = database

    async def somebody(self, *wanted: Wanted) -> Person:
        """Return somebody new who has roles."""
        email = f"{uuid4().hex}@example.org"
        person = {
            "email": email,
            "password": f"{uuid4()}",
            "display_name": "Аня",
            "consents": [],
        }
        came = await self.platform.request("POST", "/v1/auth/register", json=person)
        for one in wanted:
            await roles_in(self.database, phone_region="RU").grant(email, one, reason="test")
        body = {"refresh_token": came.body["refresh_token"]}
        tokens = (await self.platform.request("POST", "/v1/auth/refresh", json=body)).body
        return Person(came.body["account_id"], tokens["access_token"], tokens["refresh_token"])

    async def key(self, person: Person, scope: str, **changes: Any) -> tuple[str, str]:
        """Make a key; return it and its id."""
        body = {"name": "сервер", "scope": scope, **changes}
        made = await self.platform.request("POST", KEYS, token=person.token, json=body)
        assert made.status == 201, made.body
        return made.body["key"], made.body["id"]

    async def ask(self, key: str, method: str, path: str, body: object = None, **more: Any) -> Answer:
        """Ask with a key."""
        return await self.platform.request(method, path, headers={"X-API-Key": key}, json=body, **more)

    async def ticket(self, game_id: str) -> str:
        """Start a game as a new player and return the ticket."""
        player = await self.somebody()
        given = await self.platform.request("POST", TICKETS, token=player.token, json={"game_id": game_id})
        return str(given.body["ticket"])

    async def redeem(self, key: str, game_id: str, ticket: str | None = None) -> Answer:
        """Present a ticket, of a new player unless one is given."""
        body = {"ticket": ticket or await self.ticket(game_id), "game_id": game_id}
        return await self.ask(key, "POST", f"{TICKETS}/redeem", body)


@pytest.fixture
async def front(platform: Platform) -> AsyncIterator[Front]:
    url = platform.record["environment"]["SAMOVAR_AUTH__DATABASE_URL"]
    database = await Database.open(Secret(url), service="auth", pool_size_min=0, pool_size_max=2)
    yield Front(platform, database)
    await database.close()


def work() -> Wanted:
    """Return an editor's role for a game."""
    return Wanted(role="developer", organisation_id=uuid4(), level="editor", game_id=uuid4())


async def test_a_server_redeems_a_launch_ticket_with_its_key(front: Front) -> None:
    place = work()
    key, _ = await front.key(await front.somebody(place), "auth.ticket.redeem")
    game_id = str(place.game_id)
    ticket = await front.ticket(game_id)
    launch = await front.redeem(key, game_id, ticket)
    assert (launch.status, launch.body["game_id"]) == (200, game_id)
    again = await front.redeem(key, game_id, ticket)
    assert (again.status, again.body["code"]) == (409, "auth.launch_ticket_used")
    # A token beside the key counts for nothing.
    stranger = await front.somebody()
    body = {"ticket": await front.ticket(game_id), "game_id": game_id}
    mixed = await front.ask(key, "POST", f"{TICKETS}/redeem", body, token=stranger.token)
    assert mixed.status == 200


async def test_a_revoked_key_is_refused_within_seconds(front: Front) -> None:
    place = work()
    owner = await front.somebody(place)
    key, key_id = await front.key(owner, "auth.ticket.redeem")
    game_id = str(place.game_id)
    assert (await front.redeem(key, game_id)).status == 200
    assert (await front.platform.request("DELETE", f"{KEYS}/{key_id}", token=owner.token)).status == 204
    body = {"ticket": await front.ticket(game_id), "game_id": game_id}

    async def refused() -> bool:
        answer = await front.ask(key, "POST", f"{TICKETS}/redeem", {**body, "ticket": "smvt_x"})
        return answer.status == 401

    await front.platform.until(refused, within_s=REFUSED_WITHIN_S)
    answer = await front.ask(key, "POST", f"{TICKETS}/redeem", body)
    assert (answer.status, answer.body["code"]) == (401, "auth.api_key_invalid")


async def test_a_key_without_its_role_is_refused_within_seconds(front: Front) -> None:
    admin, place = await front.somebody(Wanted(role="admin")), work()
    owner = await front.somebody(place)
    key, _ = await front.key(owner, "auth.ticket.redeem")
    assert (await front.redeem(key, str(place.game_id))).status == 200
    rows = await front.platform.request("GET", f"{ROLES}/grants?account_id={owner.id}", token=admin.token)
    taken = await front.platform.request(
        "DELETE", f"{ROLES}/grants/{rows.body['items'][0]['id']}?reason=left", token=admin.token
    )
    assert taken.status == 204

    async def refused() -> bool:
        return (await front.redeem(key, str(place.game_id))).status == 401

    await front.platform.until(refused, within_s=REFUSED_WITHIN_S)


async def test_other_roles_of_its_owner_do_not_disturb_a_key(front: Front) -> None:
    admin, place = await front.somebody(Wanted(role="admin")), work()
    owner = await front.somebody(place)
    key, _ = await front.key(owner, "auth.ticket.redeem")
    assert (await front.redeem(key, str(place.game_id))).status == 200
    order = {"account_id": owner.id, "role": "support", "reason": "test"}
    given = await front.platform.request("POST", f"{ROLES}/grants", token=admin.token, json=order)
    assert given.status == 201

    async def passes() -> bool:
        return (await front.redeem(key, str(place.game_id))).status == 200

    await front.platform.until(passes, within_s=REFUSED_WITHIN_S)


async def test_what_a_key_is_not_for_is_refused(front: Front) -> None:
    admin, place = await front.somebody(Wanted(role="admin")), work()
    narrow, _ = await front.key(await front.somebody(place, Wanted(role="admin")), "auth.ticket.redeem")
    wide, _ = await front.key(admin, "auth.role.*")
    assert (await front.ask(wide, "GET", ROLES)).status == 200
    outside = await front.ask(narrow, "GET", ROLES)
    assert (outside.status, outside.body["code"]) == (403, "request.forbidden")
    assert (await front.ask(wide, "GET", "/v1/auth/me")).status == 403
    order = {"account_id": admin.id, "role": "support", "reason": "test"}
    unproved = await front.ask(wide, "POST", f"{ROLES}/grants", order)
    assert (unproved.status, unproved.body["code"]) == (401, "auth.step_up_required")


async def test_what_is_no_key_is_refused(front: Front) -> None:
    person = await front.somebody(Wanted(role="operator"))
    expired, expired_id = await front.key(person, "auth.role.read")
    elsewhere, _ = await front.key(person, "auth.role.read", networks=["198.51.100.0/24"])
    here, _ = await front.key(person, "auth.role.read", networks=["127.0.0.0/8"])
    async with front.database.transaction() as tx:
        await tx.execute("UPDATE sessions SET expires_at = now() WHERE id = $1", UUID(expired_id))
    wrong = here[:-1] + ("A" if here[-1] != "A" else "B")
    for key in ("k", wrong, f"smvk_{'A' * 48}", expired, elsewhere):
        answer = await front.ask(key, "GET", ROLES)
        assert (answer.status, answer.body["code"]) == (401, "auth.api_key_invalid")
    assert (await front.ask(here, "GET", ROLES)).status == 200


async def test_keys_survive_a_crash_of_auth_and_of_the_gateway(front: Front) -> None:
    person = await front.somebody(Wanted(role="operator"))
    key, _ = await front.key(person, "auth.role.read")
    assert (await front.ask(key, "GET", ROLES)).status == 200
    for name in ("gateway", "auth"):
        front.platform.kill(name)
        statuses: set[int] = set()

        async def passes(seen: set[int] = statuses) -> bool:
            seen.add((await front.ask(key, "GET", ROLES)).status)
            return 200 in seen

        await front.platform.until(passes, within_s=30)
        # Never through by mistake, never taken for a bad key.
        assert statuses <= {200, 503}
