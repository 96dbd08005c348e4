"""gRPC: API keys that hold in one organisation, as its owners make, see and end them."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from samovar.services.auth.contract import v1_pb2
from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysStub
from samovar.services.auth.roles.domain import Wanted
from tests.services.auth.conftest import Auth, new_address
from tests.services.auth.holders import Person, calling, channel, somebody

if TYPE_CHECKING:
    from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysAsyncStub

TICKETS = "/v1/auth/launch-tickets"


class Keys:
    """The service that owns organisations, as far as it speaks of keys."""

    def __init__(self, stub: "ApiKeysAsyncStub") -> None:
        self._stub = stub

    async def make(self, by: Person, organisation: str, **more: Any) -> v1_pb2.MakeOrganisationKeyResponse:
        fields = {"name": "сборка", "scope": "auth.ticket.redeem", "expires_in_days": 30, **more}
        with calling(by):
            return await self._stub.MakeOrganisationKey(
                v1_pb2.MakeOrganisationKeyRequest(organisation_id=organisation, **fields)
            )

    async def seen(self, by: Person, organisation: str, **more: Any) -> v1_pb2.ListOrganisationKeysResponse:
        with calling(by):
            return await self._stub.ListOrganisationKeys(
                v1_pb2.ListOrganisationKeysRequest(organisation_id=organisation, **more)
            )

    async def end(self, by: Person, organisation: str, key_id: str) -> None:
        with calling(by):
            await self._stub.EndOrganisationKey(
                v1_pb2.EndOrganisationKeyRequest(organisation_id=organisation, key_id=key_id)
            )

    async def token(self, key: str) -> str:
        exchanged = await self._stub.ExchangeApiKey(
            v1_pb2.ExchangeApiKeyRequest(key=key, address=new_address())
        )
        return exchanged.access_token


@pytest.fixture
async def keys(auth: Auth) -> AsyncIterator[Keys]:
    async with channel(auth) as opened:
        yield Keys(ApiKeysStub(opened))


def member(organisation: str, level: Any, game_id: Any = None) -> Wanted:
    """Return a role in an organisation."""
    game = UUID(game_id) if game_id else None
    return Wanted(role="developer", organisation_id=UUID(organisation), level=level, game_id=game)


async def test_every_owner_sees_and_ends_the_keys_of_all(auth: Auth, keys: Keys) -> None:
    organisation = str(uuid4())
    one = await somebody(auth, member(organisation, "owner"))
    other = await somebody(auth, member(organisation, "owner"))
    made = await keys.make(one, organisation)
    assert made.made.hint == made.key[:9]
    # What a member made by themselves for this organisation alone belongs to the same list.
    order = {"name": "своё", "scope": "auth.ticket.redeem", "organisation_id": organisation}
    own = await other.ask("POST", "/v1/auth/api-keys", order)
    assert own.status == 201, own.body
    first = await keys.seen(one, organisation, limit=1)
    rest = await keys.seen(one, organisation, limit=1, cursor=first.next_cursor)
    listed = [(key.id, key.account_id) for page in (first, rest) for key in page.keys]
    assert listed == [(own.body["id"], other.id), (made.made.id, one.id)]
    await keys.token(made.key)
    await keys.end(other, organisation, made.made.id)
    with pytest.raises(Unauthenticated):
        await keys.token(made.key)
    with pytest.raises(NotFound):
        await keys.end(other, organisation, made.made.id)
    assert [key.id for key in (await keys.seen(one, organisation)).keys] == [own.body["id"]]


async def test_who_does_not_own_the_organisation_gets_nothing(auth: Auth, keys: Keys) -> None:
    organisation = str(uuid4())
    owner = await somebody(auth, member(organisation, "owner"))
    made = await keys.make(owner, organisation)
    strangers = [
        await somebody(auth, member(organisation, "editor")),
        await somebody(auth, member(organisation, "owner", str(uuid4()))),
        await somebody(auth, member(str(uuid4()), "owner")),
        await somebody(auth, "admin"),
    ]
    for stranger in strangers:
        with pytest.raises(Forbidden):
            await keys.make(stranger, organisation)
        with pytest.raises(Forbidden):
            await keys.seen(stranger, organisation)
        with pytest.raises(Forbidden):
            await keys.end(stranger, organisation, made.made.id)
    await keys.token(made.key)


async def test_a_key_of_one_game_redeems_for_no_other(auth: Auth, keys: Keys) -> None:
    organisation, here, there = (str(uuid4()) for _ in range(3))
    owner = await somebody(
        auth,
        member(organisation, "owner"),
        member(organisation, "editor", here),
        member(organisation, "editor", there),
    )
    made = await keys.make(owner, organisation, game_id=here)
    assert made.made.game_id == here
    token = await keys.token(made.key)
    claims = await auth.ask("GET", "/v1/auth/me", token=token)
    assert claims.status == 403
    player = await somebody(auth)
    for game, status in ((here, 200), (there, 403)):
        ticket = (await player.ask("POST", TICKETS, {"game_id": game})).body["ticket"]
        answer = await auth.ask("POST", f"{TICKETS}/redeem", {"ticket": ticket, "game_id": game}, token=token)
        assert answer.status == status, answer.body


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"scope": "auth.role.grant"}, "scope"),
        ({"scope": "x" * 600}, "scope"),
        ({"name": ""}, "name"),
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 366}, "expires_in_days"),
        ({"networks": ["everywhere"]}, "networks[0]"),
        ({"game_id": "x"}, "game_id"),
    ],
)
async def test_nonsense_names_its_field(auth: Auth, keys: Keys, wrong: dict[str, Any], field: str) -> None:
    organisation = str(uuid4())
    owner = await somebody(auth, member(organisation, "owner"))
    with pytest.raises(InvalidInput) as refused:
        await keys.make(owner, organisation, **wrong)
    assert [one.field for one in refused.value.fields] == [field]


async def test_a_game_without_its_organisation_is_refused(auth: Auth) -> None:
    owner = await somebody(auth, member(str(uuid4()), "owner"))
    order = {"name": "своё", "scope": "auth.ticket.redeem", "game_id": str(uuid4())}
    answer = await owner.ask("POST", "/v1/auth/api-keys", order)
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "game_id")
