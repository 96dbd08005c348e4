"""API keys over REST: made once, shown never again, listed, ended."""

import asyncio
import hashlib
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.identity import LEVELS
from samovar.services.auth.api_keys.domain import KEYS_PER_ACCOUNT_MAX
from samovar.services.auth.contract.events import CredentialChanged, SessionRevoked
from samovar.services.auth.roles.domain import Wanted
from tests.services.auth.conftest import Answer, Auth
from tests.services.auth.holders import Person, somebody

KEYS = "/v1/auth/api-keys"
SCOPE = "auth.role.read"


async def make(person: Person, **changes: Any) -> Answer:
    body = {"name": "сборка", "scope": SCOPE, **changes}
    return await person.ask("POST", KEYS, body)


@pytest.fixture
async def operator(auth: Auth) -> Person:
    """Return somebody with one permission."""
    return await somebody(auth, "operator")


async def test_a_key_is_shown_once_and_rests_as_a_hash(auth: Auth, operator: Person) -> None:
    made = await make(operator, name=" сборка ", scope=f" {SCOPE}  {SCOPE}", expires_in_days=30)
    assert made.status == 201
    key = made.body["key"]
    assert (key[:5], made.body["scope"], made.body["name"]) == ("smvk_", SCOPE, "сборка")
    (listed,) = (await operator.ask("GET", KEYS)).body["items"]
    assert "key" not in listed
    assert (listed["id"], listed["hint"]) == (made.body["id"], key[:9])
    stored = await auth.database.fetch_value("SELECT key_hash FROM api_keys WHERE id = $1", made.body["id"])
    assert stored == hashlib.sha256(key.encode()).digest()
    (event,) = await auth.events(CredentialChanged, operator.id)
    assert (event.credential, event.action, event.name) == ("api_key", "added", "сборка")


async def test_a_key_stands_among_the_sessions_and_ends_with_them(auth: Auth, operator: Person) -> None:
    made = await make(operator)
    sessions = (await operator.ask("GET", "/v1/auth/sessions")).body["items"]
    (seen,) = [one for one in sessions if one["kind"] == "api_key"]
    assert (seen["id"], seen["label"], seen["is_current"]) == (made.body["id"], "сборка", False)
    assert (await operator.ask("DELETE", f"/v1/auth/sessions/{made.body['id']}")).status == 204
    assert (await operator.ask("GET", KEYS)).body["items"] == []
    (event,) = await auth.events(SessionRevoked, operator.id)
    assert (str(event.session_id), event.reason) == (made.body["id"], "revoked")


async def test_a_key_is_ended_by_its_owner_alone(auth: Auth, operator: Person) -> None:
    made, stranger = await make(operator), await somebody(auth)
    path = f"{KEYS}/{made.body['id']}"
    assert (await stranger.ask("DELETE", path)).status == 404
    assert (await operator.ask("DELETE", path)).status == 204
    assert (await operator.ask("DELETE", path)).status == 404
    session = (await operator.ask("GET", "/v1/auth/sessions")).body["items"][0]["id"]
    assert (await operator.ask("DELETE", f"{KEYS}/{session}")).status == 404
    actions = [event.action for event in await auth.events(CredentialChanged, operator.id)]
    assert actions == ["added", "removed"]
    audit = await auth.database.fetch_value(
        "SELECT array_agg(action ORDER BY id) FROM audit WHERE account_id = $1 AND action LIKE 'api_key%'",
        operator.id,
    )
    assert audit == ["api_key.added", "api_key.removed"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scope": "*"}, "scope"),
        ({"scope": "auth.role.grant"}, "scope"),
        ({"scope": ""}, "scope"),
        ({"scope": "x" * 513}, "scope"),
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"expires_in_days": 366}, "expires_in_days"),
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"networks": ["192.0.2.1/24"]}, "networks[0]"),
        ({"networks": ["192.0.2.1"] * 11}, "networks"),
        ({"surprise": 1}, "surprise"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_what_makes_no_key_names_its_field(
    operator: Person, changes: dict[str, Any], field: str
) -> None:
    refused = await make(operator, **changes)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, field)


async def test_nobody_makes_a_key_for_more_than_they_may(auth: Auth) -> None:
    player = await somebody(auth)
    assert (await make(player)).status == 422
    elsewhere = await somebody(auth, "operator")
    assert (await make(elsewhere, organisation_id=str(uuid4()))).status == 403


async def test_a_key_needs_a_fresh_proof_of_a_living_session(auth: Auth, operator: Person) -> None:
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE sessions SET authenticated_at = now() - interval '1 hour' WHERE account_id = $1",
            UUID(operator.id),
        )
    stale = await operator.renewed()
    assert (await make(stale)).code == "auth.step_up_required"
    fresh = (await auth.step_up(stale.token)).body["access_token"]
    body = {"name": "сборка", "scope": SCOPE}
    assert (await auth.ask("POST", KEYS, body, token=fresh)).status == 201
    async with auth.database.transaction() as tx:
        # Ended a moment ago: the news has not come to this process yet.
        await tx.execute("UPDATE sessions SET ended_at = now() WHERE account_id = $1", UUID(operator.id))
    assert (await auth.ask("POST", KEYS, body, token=fresh)).code == "auth.session_revoked"


async def test_an_account_has_only_so_many_keys(operator: Person) -> None:
    made = [await make(operator) for _ in range(KEYS_PER_ACCOUNT_MAX - 2)]
    parallel = await asyncio.gather(*(make(operator) for _ in range(4)))
    assert sorted(answer.status for answer in parallel) == [201, 201, 409, 409]
    refused = next(answer for answer in parallel if answer.status == 409)
    assert refused.code == "auth.too_many_api_keys"
    page = (await operator.ask("GET", f"{KEYS}?limit=20")).body
    rest = (await operator.ask("GET", f"{KEYS}?limit=20&cursor={page['next_cursor']}")).body
    listed = [one["id"] for one in (*page["items"], *rest["items"])]
    assert (len(listed), rest["next_cursor"]) == (KEYS_PER_ACCOUNT_MAX, None)
    assert listed[-1] == made[0].body["id"]
    assert (await operator.ask("DELETE", f"{KEYS}/{listed[0]}")).status == 204
    assert (await make(operator)).status == 201


async def test_a_key_for_an_organisation_is_for_its_members(auth: Auth) -> None:
    organisation = uuid4()
    places = [Wanted(role="developer", organisation_id=organisation, level=level) for level in LEVELS[:1]]
    owner = await somebody(auth, *places)
    made = await make(owner, scope="auth.ticket.*", organisation_id=str(organisation))
    assert (made.status, made.body["organisation_id"]) == (201, str(organisation))
    # What one may elsewhere, as staff, is no part of it.
    both = await somebody(auth, "operator", *places)
    assert (await make(both, organisation_id=str(organisation))).status == 422
