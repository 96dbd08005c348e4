"""Roles over REST: who has which, giving, taking, and who must not."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.auth.contract.events import DeveloperGrant, RolesChanged
from samovar.services.auth.roles.domain import GRANTS_PER_ACCOUNT_MAX
from tests.services.auth.conftest import Answer, Auth
from tests.services.auth.holders import Person, somebody

NOWHERE = str(UUID(int=7))

ROLES, GRANTS = "/v1/admin/roles", "/v1/admin/roles/grants"


@pytest.fixture
async def admin(auth: Auth) -> Person:
    """Return an administrator."""
    return await somebody(auth, "admin")


async def give(by: Person, to: Person, role: str, **more: Any) -> Answer:
    body = {"account_id": to.id, "role": role, "reason": "for the test", **more}
    return await by.ask("POST", GRANTS, body)


async def take(by: Person, grant_id: str, reason: str = "no longer needed") -> Answer:
    return await by.ask("DELETE", f"{GRANTS}/{grant_id}?reason={reason.replace(' ', '+')}")


async def test_an_administrator_gives_a_role_and_takes_it(auth: Auth, admin: Person) -> None:
    person = await somebody(auth)
    given = await give(admin, person, "moderator")
    assert (given.status, given.body["role"], given.body["granted_by"]) == (201, "moderator", admin.id)
    assert (await auth.me(person.token)).code == "auth.token_expired"
    person = await person.renewed()
    assert (await person.claims())["roles"] == ["moderator", "player"]
    assert (await take(admin, given.body["id"])).status == 204
    assert (await auth.me(person.token)).code == "auth.token_expired"
    assert (await (await person.renewed()).claims())["roles"] == ["player"]
    assert (await take(admin, given.body["id"])).code == "auth.grant_not_found"
    events = await auth.events(RolesChanged, person.id)
    assert [event.roles for event in events] == [("moderator", "player"), ("player",)]
    rows = await admin.ask("GET", f"{GRANTS}?account_id={person.id}&state=all")
    (ended,) = rows.body["items"]
    assert (ended["revoked_by"], ended["revoke_reason"]) == (admin.id, "no longer needed")
    audit = await auth.database.fetch_value(
        "SELECT array_agg(action || ' ' || (details->>'reason') ORDER BY id) FROM audit "
        "WHERE account_id = $1 AND actor_id = $2",
        person.id,
        admin.id,
    )
    assert audit == ["role.granted for the test", "role.revoked no longer needed"]


async def test_a_developer_has_a_place(auth: Auth, admin: Person) -> None:
    person, organisation, game = await somebody(auth), str(uuid4()), str(uuid4())
    await give(admin, person, "developer", organisation_id=organisation, level="viewer")
    await give(admin, person, "developer", organisation_id=organisation, level="editor", game_id=game)
    claims = await (await person.renewed()).claims()
    assert claims["roles"] == ["developer", "player"]
    assert claims["grants"] == [
        {"level": "viewer", "organisation_id": organisation, "game_id": None},
        {"level": "editor", "organisation_id": organisation, "game_id": game},
    ]
    last = (await auth.events(RolesChanged, person.id))[-1]
    assert DeveloperGrant("editor", UUID(organisation), UUID(game)) in last.grants


async def test_the_same_role_twice_is_given_once_and_its_end_moves(auth: Auth, admin: Person) -> None:
    person = await somebody(auth)
    first = await give(admin, person, "support")
    ends = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    second = await give(admin, person, "support", expires_at=ends)
    assert (first.body["id"], first.body["expires_at"]) == (second.body["id"], None)
    assert datetime.fromisoformat(second.body["expires_at"]) == datetime.fromisoformat(ends)
    assert len(await auth.events(RolesChanged, person.id)) == 1
    parallel = await asyncio.gather(*(give(admin, person, "finance") for _ in range(4)))
    assert {answer.status for answer in parallel} == {201}
    assert len({answer.body["id"] for answer in parallel}) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "player"}, "role"),
        ({"role": "developer"}, "organisation_id"),
        ({"role": "developer", "organisation_id": NOWHERE}, "level"),
        ({"organisation_id": NOWHERE, "level": "owner"}, "organisation_id"),
        ({"reason": "   "}, "reason"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"surprise": True}, "surprise"),
    ],
    ids=str,
)
async def test_what_cannot_be_given_names_its_field(
    auth: Auth, admin: Person, changes: dict[str, Any], field: str
) -> None:
    person = await somebody(auth)
    refused = await give(admin, person, **{"role": "moderator", **changes})
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, field)


async def test_nobody_raises_themselves_and_strangers_raise_nobody(auth: Auth, admin: Person) -> None:
    person, moderator = await somebody(auth), await somebody(auth, "moderator")
    refused = await give(admin, admin, "moderator")
    assert (refused.status, refused.code) == (403, "auth.role_to_oneself")
    for stranger in (person, moderator):
        assert (await give(stranger, person, "moderator")).status == 403
        assert (await stranger.ask("GET", GRANTS)).status == 403
    nobody = await admin.ask(
        "POST", GRANTS, {"account_id": str(uuid4()), "role": "support", "reason": "test"}
    )
    assert (nobody.status, nobody.code) == (404, "auth.account_not_found")


async def test_giving_and_taking_needs_a_fresh_proof(auth: Auth, admin: Person) -> None:
    given = await give(admin, await somebody(auth), "support")
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE sessions SET authenticated_at = now() - interval '1 hour' WHERE account_id = $1", admin.id
        )
    stale = await admin.renewed()
    assert (await give(stale, await somebody(auth), "support")).code == "auth.step_up_required"
    assert (await take(stale, given.body["id"])).code == "auth.step_up_required"
    assert (await stale.ask("GET", GRANTS)).status == 200


async def test_the_last_administrator_stays(lone: Auth) -> None:
    one = await somebody(lone, "admin")
    rows = (await one.ask("GET", f"{GRANTS}?role=admin")).body["items"]
    refused = await take(one, rows[0]["id"])
    assert (refused.status, refused.code) == (409, "auth.last_holder")
    other = await somebody(lone, "admin")
    own = (await one.ask("GET", f"{GRANTS}?account_id={one.id}")).body["items"][0]["id"]
    others = (await one.ask("GET", f"{GRANTS}?account_id={other.id}")).body["items"][0]["id"]
    both = await asyncio.gather(take(one, others), take(other, own))
    assert sorted(answer.status for answer in both) == [204, 409]


async def test_the_last_owner_of_an_organisation_stays(auth: Auth, admin: Person) -> None:
    organisation = {"organisation_id": str(uuid4()), "level": "owner"}
    given = await give(admin, await somebody(auth), "developer", **organisation)
    assert (await take(admin, given.body["id"])).code == "auth.last_holder"
    await give(admin, await somebody(auth), "developer", **organisation)
    assert (await take(admin, given.body["id"])).status == 204


async def test_grants_are_listed_page_by_page_and_narrowed(auth: Auth, admin: Person) -> None:
    organisation = str(uuid4())
    for level in ("viewer", "editor", "finance"):
        await give(admin, await somebody(auth), "developer", organisation_id=organisation, level=level)
    levels: list[str] = []
    cursor = ""
    while True:
        page = (await admin.ask("GET", f"{GRANTS}?organisation_id={organisation}&limit=2{cursor}")).body
        levels += [item["level"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert levels == ["finance", "editor", "viewer"]
    assert (await admin.ask("GET", f"{GRANTS}?role=emperor")).status == 422
    assert (await admin.ask("GET", f"{GRANTS}?cursor=nonsense")).status == 422


async def test_roles_are_shown_with_what_they_open(admin: Person) -> None:
    shown = (await admin.ask("GET", ROLES)).body["items"]
    by_role = {item["role"]: item for item in shown}
    assert "auth.role.grant" in by_role["admin"]["permissions"]
    assert by_role["player"]["permissions"] == []
    assert [role for role, item in by_role.items() if item["has_place"]] == ["developer"]


async def test_an_account_has_only_so_many_roles(auth: Auth, admin: Person) -> None:
    person = await somebody(auth)
    async with auth.database.transaction() as tx:
        await tx.execute(
            "INSERT INTO role_grants (id, account_id, role, organisation_id, level, reason, granted_at) "
            "SELECT gen_random_uuid(), $1, 'developer', gen_random_uuid(), 'viewer', 'test', now() "
            "FROM generate_series(1, $2)",
            person.id,
            GRANTS_PER_ACCOUNT_MAX,
        )
    refused = await give(admin, person, "support")
    assert (refused.status, refused.code) == (409, "auth.too_many_grants")
