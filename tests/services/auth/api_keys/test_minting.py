"""gRPC: keys of minutes for pipelines, in the name of somebody who trusts them."""

import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from samovar.kit.errors import Conflict, Forbidden, InvalidInput, Unauthenticated
from samovar.services.auth.api_keys import minting
from samovar.services.auth.commands import roles_in
from samovar.services.auth.contract import v1_pb2
from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysStub
from tests.services.auth.api_keys.test_organisation_keys import member
from tests.services.auth.conftest import Auth, new_address
from tests.services.auth.holders import Person, channel, somebody

if TYPE_CHECKING:
    from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysAsyncStub

SCOPE = "auth.ticket.redeem"
SPELT = "download.build.push download.build.read"


@pytest.fixture
async def stub(auth: Auth) -> AsyncIterator["ApiKeysAsyncStub"]:
    async with channel(auth) as opened:
        yield ApiKeysStub(opened)


class Trust:
    """Somebody of an organisation who trusts a pipeline with one game."""

    def __init__(self, stub: "ApiKeysAsyncStub", person: Person, organisation: str, game: str) -> None:
        self._stub = stub
        self.person = person
        self.organisation = organisation
        self.game = game

    async def mint(self, **changes: Any) -> v1_pb2.MakeOrganisationKeyResponse:
        """Mint a key."""
        fields = {"name": "studio/game", "scope": SCOPE, "minutes": 15, "game_id": self.game, **changes}
        return await self._stub.MintPublishingKey(
            v1_pb2.MintPublishingKeyRequest(
                account_id=self.person.id, organisation_id=self.organisation, **fields
            )
        )

    async def checked(self, scope: str) -> str:
        """Return the scope that a key would have."""
        answer = await self._stub.CheckPublishingScope(
            v1_pb2.CheckPublishingScopeRequest(
                account_id=self.person.id,
                organisation_id=self.organisation,
                game_id=self.game,
                scope=scope,
            )
        )
        return answer.scope

    async def claims(self, key: str) -> dict[str, Any]:
        """Return what the token of a key says."""
        exchanged = await self._stub.ExchangeApiKey(
            v1_pb2.ExchangeApiKeyRequest(key=key, address=new_address())
        )
        return dict(json.loads(urlsafe_b64decode(exchanged.access_token.split(".")[1] + "==")))


async def trust(auth: Auth, stub: "ApiKeysAsyncStub", level: str = "editor") -> Trust:
    """Return a new one."""
    organisation, game = str(uuid4()), str(uuid4())
    return Trust(stub, await somebody(auth, member(organisation, level)), organisation, game)


async def test_a_minted_key_holds_in_one_game_for_minutes(auth: Auth, stub: "ApiKeysAsyncStub") -> None:
    trusted = await trust(auth, stub)
    made = await trusted.mint()
    claims = await trusted.claims(made.key)
    assert claims["grants"] == [f"editor@{trusted.organisation}/{trusted.game}"]
    assert (claims["scope"], claims["sub"], claims["roles"]) == (
        SCOPE,
        trusted.person.id,
        ["player", "developer"],
    )
    assert claims["exp"] - claims["iat"] <= 600
    # It is in the list of the person in whose name it is, who may end it.
    listed = await trusted.person.ask("GET", "/v1/auth/api-keys")
    assert [(one["id"], one["name"]) for one in listed.body["items"]] == [(made.made.id, "studio/game")]
    await trusted.person.ask("DELETE", f"/v1/auth/api-keys/{made.made.id}")
    with pytest.raises(Unauthenticated):
        await trusted.claims(made.key)


@pytest.mark.parametrize("level", ["viewer", "finance"])
async def test_nobody_trusts_with_more_than_they_have(
    auth: Auth, stub: "ApiKeysAsyncStub", level: str
) -> None:
    with pytest.raises(Forbidden):
        await (await trust(auth, stub, level)).mint()
    trusted = await trust(auth, stub)
    with pytest.raises(InvalidInput):
        await trusted.mint(scope="auth.role.grant")
    with pytest.raises(InvalidInput):
        await trusted.mint(minutes=61)


async def test_a_scope_is_checked_as_it_will_be_minted(auth: Auth, stub: "ApiKeysAsyncStub") -> None:
    trusted = await trust(auth, stub)
    assert await trusted.checked("download.build.read  download.build.push") == SPELT
    assert (await trusted.mint(scope=SPELT)).made.scope == SPELT
    for scope in ("nonsense.nothing", "download.build.push auth.role.grant"):
        with pytest.raises(InvalidInput):
            await trusted.checked(scope)
    with pytest.raises(Forbidden):
        await (await trust(auth, stub, "viewer")).checked(SPELT)


async def test_with_the_role_the_trust_and_its_keys_are_gone(auth: Auth, stub: "ApiKeysAsyncStub") -> None:
    trusted = await trust(auth, stub)
    made = await trusted.mint()
    await roles_in(auth.database, phone_region="RU").revoke(
        trusted.person.email, member(trusted.organisation, "editor"), reason="left"
    )
    with pytest.raises(Unauthenticated):
        await trusted.claims(made.key)
    with pytest.raises(Forbidden):
        await trusted.mint()


async def test_minted_keys_leave_room_for_those_of_the_person(
    auth: Auth, stub: "ApiKeysAsyncStub", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minting, "MINTED_PER_ACCOUNT_MAX", 2)
    trusted = await trust(auth, stub)
    for _ in range(2):
        await trusted.mint()
    with pytest.raises(Conflict) as full:
        await trusted.mint()
    assert full.value.code == "auth.too_many_api_keys"
    own = await trusted.person.ask("POST", "/v1/auth/api-keys", {"name": "своё", "scope": SCOPE})
    assert own.status == 201
