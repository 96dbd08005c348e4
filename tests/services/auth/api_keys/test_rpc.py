"""gRPC: exchanging API keys, and all that ends them."""

import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.errors import RateLimited, Unauthenticated
from samovar.kit.routes import RateLimit
from samovar.services.auth.api_keys import use_cases
from samovar.services.auth.commands import roles_in
from samovar.services.auth.contract.v1_pb2 import ExchangeApiKeyRequest, ExchangeApiKeyResponse
from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysStub
from samovar.services.auth.roles.domain import Wanted
from samovar.services.auth.sessions import ending
from samovar.services.auth.sessions.ending import ALL_KINDS
from samovar.services.auth.tokens.keys import key_of
from tests.services.auth.conftest import Answer, Auth, new_address
from tests.services.auth.holders import Person, channel, somebody

if TYPE_CHECKING:
    from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysAsyncStub

ROLES = "/v1/admin/roles"


class Edge:
    """The gateway, as far as it exchanges keys."""

    def __init__(self, auth: Auth, stub: "ApiKeysAsyncStub") -> None:
        self._auth = auth
        self._stub = stub

    async def exchange(self, key: str, address: str | None = None) -> ExchangeApiKeyResponse:
        """Return what auth answers."""
        return await self._stub.ExchangeApiKey(
            ExchangeApiKeyRequest(key=key, address=address or new_address())
        )

    async def ask(self, key: str, method: str, path: str, body: object = None) -> Answer:
        """Ask over REST with a key."""
        token = (await self.exchange(key)).access_token
        return await self._auth.ask(method, path, body, token=token)

    async def refuses(self, key: str, address: str | None = None) -> bool:
        """Return whether auth knows no such key."""
        try:
            await self.exchange(key, address)
        except Unauthenticated as error:
            return error.code == "auth.api_key_invalid"
        return False


@pytest.fixture
async def edge(auth: Auth) -> AsyncIterator[Edge]:
    async with channel(auth) as opened:
        yield Edge(auth, ApiKeysStub(opened))


async def key_for(person: Person, scope: str = "auth.role.read", **changes: Any) -> tuple[str, str]:
    """Return a new key and its id."""
    body = {"name": "сервер", "scope": scope, **changes}
    made = (await person.ask("POST", "/v1/auth/api-keys", body)).body
    return made["key"], made["id"]


async def test_a_key_stands_for_its_owner_in_its_scope(auth: Auth, edge: Edge) -> None:
    admin = await somebody(auth, "admin")
    key, key_id = await key_for(admin)
    answer = await edge.exchange(key)
    claims = json.loads(urlsafe_b64decode(answer.access_token.split(".")[1] + "=="))
    assert (claims["sub"], claims["sid"]) == (admin.id, key_id)
    assert (claims["scope"], claims["amr"], claims["acr"]) == ("auth.role.read", ["key"], "aal1")
    assert claims["exp"] - claims["iat"] == answer.expires_in_s <= 600
    assert (await edge.ask(key, "GET", ROLES)).status == 200
    # What the scope does not name, and what names no permission at all.
    order = {"account_id": str(uuid4()), "role": "support", "reason": "test"}
    assert (await edge.ask(key, "POST", f"{ROLES}/grants", order)).status == 403
    for path in ("/v1/auth/me", "/v1/auth/sessions", "/v1/auth/api-keys"):
        assert (await edge.ask(key, "GET", path)).status == 403


async def test_a_key_never_meets_a_step_up(auth: Auth, edge: Edge) -> None:
    admin = await somebody(auth, "admin")
    key, _ = await key_for(admin, "auth.role.*")
    order = {"account_id": str(uuid4()), "role": "support", "reason": "test"}
    refused = await edge.ask(key, "POST", f"{ROLES}/grants", order)
    assert (refused.status, refused.code) == (401, "auth.step_up_required")
    proof = {"method": "password", "password": "anything"}
    assert (await edge.ask(key, "POST", "/v1/auth/step-up", proof)).status == 403


@pytest.mark.parametrize(
    "key", ["", "k", "smvk_", "smvk_" + "A" * 48, key_of(b"0" * 32), "smvk_" + "я" * 48, "smvr_" + "A" * 48]
)
async def test_what_was_never_a_key_is_refused(edge: Edge, key: str) -> None:
    assert await edge.refuses(key)


async def test_a_key_that_is_over_is_refused(auth: Auth, edge: Edge) -> None:
    person = await somebody(auth, "operator")
    (expired, expired_id), (revoked, revoked_id) = await key_for(person), await key_for(person)
    async with auth.database.transaction() as tx:
        await tx.execute("UPDATE sessions SET expires_at = now() WHERE id = $1", UUID(expired_id))
    token = (await edge.exchange(revoked)).access_token
    assert (await person.ask("DELETE", f"/v1/auth/api-keys/{revoked_id}")).status == 204
    assert await edge.refuses(expired)
    assert await edge.refuses(revoked)
    assert (await auth.ask("GET", ROLES, token=token)).code == "auth.session_revoked"
    # Recorded once, however often somebody goes on with it.
    await edge.refuses(revoked)
    recorded = await auth.database.fetch_value(
        "SELECT count(*) FROM audit WHERE session_id = $1 AND outcome = 'refused'", UUID(revoked_id)
    )
    assert recorded == 1


async def test_a_key_counts_from_its_networks_only(auth: Auth, edge: Edge) -> None:
    person = await somebody(auth, "operator")
    bound, bound_id = await key_for(person, networks=["2001:db8:77::/48"])
    assert (await edge.exchange(bound, "2001:db8:77::1")).is_bound_to_address
    assert await edge.refuses(bound, "2001:db8:78::1")
    assert await edge.refuses(bound, "nowhere")
    free, _ = await key_for(person)
    assert not (await edge.exchange(free)).is_bound_to_address
    why = await auth.database.fetch_value(
        "SELECT details->>'why' FROM audit WHERE session_id = $1 AND outcome = 'refused'", UUID(bound_id)
    )
    assert why == "other_network"


async def test_a_key_dies_with_the_stolen_session_that_made_it(auth: Auth, edge: Edge) -> None:
    person = await somebody(auth, "operator")
    key, _ = await key_for(person)
    other = await auth.log_in(person.email)
    stolen = person.refresh_token
    for _ in range(2):
        person = await person.renewed()
    assert (await auth.refresh(stolen)).code == "auth.refresh_token_reused"
    assert await edge.refuses(key)
    assert (await auth.me(other.body["access_token"])).status == 200


async def test_a_key_survives_a_sign_out_but_not_a_denial_by_its_owner(auth: Auth, edge: Edge) -> None:
    person = await somebody(auth, "operator")
    key, _ = await key_for(person)
    assert (await person.ask("POST", "/v1/auth/logout")).status == 204
    assert (await edge.ask(key, "GET", ROLES)).status == 200
    async with auth.database.transaction() as tx:
        await ending.end_all(tx, UUID(person.id), "not_me", datetime.now(UTC), kinds=ALL_KINDS)
    assert await edge.refuses(key)


async def test_a_key_is_gone_with_its_account(auth: Auth, edge: Edge) -> None:
    person = await somebody(auth, "operator")
    key, _ = await key_for(person)
    async with auth.database.transaction() as tx:
        await tx.execute("DELETE FROM accounts WHERE id = $1", UUID(person.id))
    assert await edge.refuses(key)


async def test_a_key_ends_with_the_role_that_it_was_made_for(auth: Auth, edge: Edge) -> None:
    person = await somebody(auth, "operator", "support")
    key, key_id = await key_for(person)
    roles = roles_in(auth.database, phone_region="RU")
    await roles.revoke(person.email, Wanted(role="support"), reason="test")
    assert not await edge.refuses(key)
    await roles.revoke(person.email, Wanted(role="operator"), reason="test")
    assert await edge.refuses(key)
    # A role that comes again does not wake it.
    await roles.grant(person.email, Wanted(role="operator"), reason="test")
    assert await edge.refuses(key)
    reason = await auth.database.fetch_value("SELECT end_reason FROM sessions WHERE id = $1", UUID(key_id))
    assert reason == "role_lost"


async def test_a_key_for_an_organisation_reaches_no_other(auth: Auth, edge: Edge) -> None:
    here, there = (Wanted(role="developer", organisation_id=uuid4(), level="editor") for _ in range(2))
    person = await somebody(auth, here, there, "operator")
    key, _ = await key_for(person, "auth.ticket.*", organisation_id=str(here.organisation_id))
    token = (await edge.exchange(key)).access_token
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["grants"] == [f"editor@{here.organisation_id}"]
    assert claims["roles"] == ["player", "developer"]
    roles = roles_in(auth.database, phone_region="RU")
    await roles.revoke(person.email, there, reason="test")
    assert not await edge.refuses(key)
    await roles.revoke(person.email, here, reason="test")
    assert await edge.refuses(key)


async def test_its_use_is_noted_now_and_then(auth: Auth, edge: Edge) -> None:
    person = await somebody(auth, "operator")
    key, key_id = await key_for(person)

    async def noted() -> tuple[str, str]:
        (listed,) = (await person.ask("GET", "/v1/auth/api-keys")).body["items"]
        return listed["last_used_at"], listed["last_address"]

    made = await noted()
    await edge.exchange(key, "192.0.2.1")
    assert await noted() == made
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE sessions SET rotated_at = rotated_at - interval '6 minutes' WHERE id = $1", UUID(key_id)
        )
    await edge.exchange(key, "192.0.2.2")
    used = await noted()
    assert (used[0] > made[0], used[1]) == (True, "192.0.2.2")
    await edge.exchange(key, "192.0.2.3")
    assert await noted() == used


async def test_who_tries_many_keys_is_slowed_down(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_cases, "EXCHANGES", RateLimit(3, per_s=3_600))
    address = new_address()
    for number in range(3):
        assert await edge.refuses(key_of(bytes([number]) * 32), address)
    with pytest.raises(RateLimited):
        await edge.exchange(key_of(b"9" * 32), address)
    assert await edge.refuses(key_of(b"9" * 32))
