"""gRPC: members of organisations, as the service that owns organisations asks."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from samovar.kit.errors import Conflict, Forbidden, InvalidInput, NotFound, SamovarError, Unauthenticated
from samovar.services.auth.contract.events import RolesChanged
from samovar.services.auth.contract.v1_pb2 import GrantRoleRequest, ListGrantsRequest, RevokeRoleRequest
from samovar.services.auth.contract.v1_pb2_grpc import RolesStub
from tests.services.auth.conftest import Auth
from tests.services.auth.holders import Person, calling, channel, somebody

if TYPE_CHECKING:
    from samovar.services.auth.contract.v1_pb2_grpc import RolesAsyncStub


class Organisations:
    """The service that owns organisations, as far as it speaks of members."""

    def __init__(self, stub: "RolesAsyncStub") -> None:
        self._stub = stub

    async def give(self, by: Person, to: Person | str, organisation: str, level: str, **more: Any) -> str:
        account_id = to if isinstance(to, str) else to.id
        with calling(by):
            answer = await self._stub.GrantRole(
                GrantRoleRequest(
                    account_id=account_id,
                    organisation_id=organisation,
                    level=level,
                    **{"reason": "test", **more},
                )
            )
        return answer.grant_id

    async def take(self, by: Person, to: Person, organisation: str, **more: Any) -> None:
        with calling(by):
            await self._stub.RevokeRole(
                RevokeRoleRequest(account_id=to.id, organisation_id=organisation, reason="test", **more)
            )

    async def members(self, by: Person, **asked: Any) -> set[tuple[str, str]]:
        with calling(by):
            answer = await self._stub.ListGrants(ListGrantsRequest(**asked))
        return {(grant.account_id, grant.level) for grant in answer.grants}

    async def founded(self, auth: Auth) -> tuple[Person, str]:
        """Return somebody and the organisation that they have just made."""
        owner, organisation = await somebody(auth), str(uuid4())
        await self.give(owner, owner, organisation, "owner")
        return await owner.renewed(), organisation


@pytest.fixture
async def organisations(auth: Auth) -> AsyncIterator[Organisations]:
    async with channel(auth) as opened:
        yield Organisations(RolesStub(opened))


async def test_the_founder_becomes_the_owner_and_invites_others(
    auth: Auth, organisations: Organisations
) -> None:
    owner, organisation = await organisations.founded(auth)
    editor, game = await somebody(auth), str(uuid4())
    first = await organisations.give(owner, editor, organisation, "editor", game_id=game)
    assert await organisations.give(owner, editor, organisation, "editor", game_id=game) == first
    assert len(await auth.events(RolesChanged, editor.id)) == 1
    assert (await (await editor.renewed()).claims())["grants"] == [
        {"level": "editor", "organisation_id": organisation, "game_id": game}
    ]
    everybody = {(owner.id, "owner"), (editor.id, "editor")}
    assert await organisations.members(owner, organisation_id=organisation) == everybody


async def test_an_organisation_is_founded_once(auth: Auth, organisations: Organisations) -> None:
    organisation = str(uuid4())
    people = [await somebody(auth) for _ in range(3)]
    outcomes = await asyncio.gather(
        *(organisations.give(person, person, organisation, "owner") for person in people),
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, SamovarError)]
    assert {error.code for error in refused} == {"auth.role_to_oneself"}
    assert len(refused) == 2
    owner = next(person for person, outcome in zip(people, outcomes, strict=True) if isinstance(outcome, str))
    assert await organisations.give(await owner.renewed(), owner, organisation, "owner") in outcomes


async def test_only_an_owner_changes_who_belongs_to_an_organisation(
    auth: Auth, organisations: Organisations
) -> None:
    owner, organisation = await organisations.founded(auth)
    editor, stranger = await somebody(auth), await somebody(auth)
    await organisations.give(owner, editor, organisation, "editor")
    stranger_owner, _ = await organisations.founded(auth)
    for by in (await editor.renewed(), stranger, stranger_owner):
        with pytest.raises(Forbidden):
            await organisations.give(by, stranger if by is not stranger else owner, organisation, "viewer")
        with pytest.raises(Forbidden):
            await organisations.take(by, owner, organisation)
    with pytest.raises(Forbidden):
        await organisations.give(await editor.renewed(), editor.id, organisation, "owner")
    admin = await somebody(auth, "admin")
    await organisations.give(admin, stranger, organisation, "finance")
    assert (stranger.id, "finance") in await organisations.members(owner, organisation_id=organisation)


async def test_an_owner_of_one_game_owns_no_organisation(auth: Auth, organisations: Organisations) -> None:
    owner, organisation = await organisations.founded(auth)
    partner, game = await somebody(auth), str(uuid4())
    await organisations.give(owner, partner, organisation, "owner", game_id=game)
    partner = await partner.renewed()
    friend = await somebody(auth)
    with pytest.raises(Forbidden):
        await organisations.give(partner, friend, organisation, "viewer")


async def test_an_owner_gives_themselves_less_and_nobody_else_anything(
    auth: Auth, organisations: Organisations
) -> None:
    owner, organisation = await organisations.founded(auth)
    game = str(uuid4())
    await organisations.give(owner, owner, organisation, "editor", game_id=game)
    owner = await owner.renewed()
    assert await organisations.members(owner, organisation_id=organisation) == {
        (owner.id, "owner"),
        (owner.id, "editor"),
    }
    editor, admin = await somebody(auth), await somebody(auth, "admin")
    await organisations.give(owner, editor, organisation, "editor")
    for by in (await editor.renewed(), admin):
        with pytest.raises(Forbidden) as refused:
            await organisations.give(by, by, organisation, "owner")
        assert refused.value.code == "auth.role_to_oneself"


async def test_a_member_is_taken_out_and_may_leave(auth: Auth, organisations: Organisations) -> None:
    owner, organisation = await organisations.founded(auth)
    one, other = await somebody(auth), await somebody(auth)
    for person in (one, other):
        for level in ("editor", "finance"):
            await organisations.give(owner, person, organisation, level)
    await organisations.take(owner, one, organisation)
    await organisations.take(owner, one, organisation)
    await organisations.take(await other.renewed(), other, organisation, level="finance")
    left = {(owner.id, "owner"), (other.id, "editor")}
    assert await organisations.members(owner, organisation_id=organisation) == left
    with pytest.raises(Conflict) as refused:
        await organisations.take(owner, owner, organisation)
    assert refused.value.code == "auth.last_holder"


async def test_grants_are_shown_to_whom_they_concern(auth: Auth, organisations: Organisations) -> None:
    owner, organisation = await organisations.founded(auth)
    stranger = await somebody(auth)
    assert await organisations.members(owner, account_id=owner.id) == {(owner.id, "owner")}
    for asked in ({"organisation_id": organisation}, {"account_id": owner.id}, {}):
        with pytest.raises(Forbidden):
            await organisations.members(stranger, **asked)
    admin = await somebody(auth, "admin")
    assert await organisations.members(admin, account_id=owner.id) == {(owner.id, "owner")}


async def test_without_a_person_nothing_is_changed(auth: Auth) -> None:
    async with channel(auth) as opened:
        with pytest.raises(Unauthenticated):
            await RolesStub(opened).GrantRole(
                GrantRoleRequest(
                    account_id=str(uuid4()), organisation_id=str(uuid4()), level="owner", reason="test"
                )
            )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": "emperor"}, "level"),
        ({"organisation_id": "here"}, "organisation_id"),
        ({"account_id": ""}, "account_id"),
        ({"game_id": "chess"}, "game_id"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2120-01-01T00:00:00"}, "expires_at"),
    ],
    ids=str,
)
async def test_nonsense_names_its_field(
    auth: Auth, organisations: Organisations, changes: dict[str, str], field: str
) -> None:
    owner, organisation = await organisations.founded(auth)
    request = {"account_id": owner.id, "organisation_id": organisation, "level": "viewer", **changes}
    with pytest.raises(InvalidInput) as refused:
        await organisations.give(
            owner,
            request.pop("account_id"),
            request.pop("organisation_id"),
            request.pop("level"),
            **request,
        )
    assert [fault.field for fault in refused.value.fields] == [field]


async def test_an_account_that_is_not_there_is_an_error(auth: Auth, organisations: Organisations) -> None:
    owner, organisation = await organisations.founded(auth)
    with pytest.raises(NotFound) as refused:
        await organisations.give(owner, str(uuid4()), organisation, "viewer")
    assert refused.value.code == "auth.account_not_found"
