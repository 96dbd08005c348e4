"""Members over REST."""

from uuid import uuid4

import pytest

from samovar.kit.errors import SamovarError
from samovar.services.auth.errors import AccountNotFound, LastHolder, RoleToOneself, TooManyGrants
from tests.services.developer.bureau import Bureau


async def test_an_owner_makes_members_and_takes_them_out(bureau: Bureau) -> None:
    me, friend, game_id = uuid4(), uuid4(), uuid4()
    organisation_id = await bureau.found(me)
    path, owner = f"/v1/dev/organizations/{organisation_id}/members", f"owner@{organisation_id}"
    for level, game in (("finance", None), ("editor", str(game_id))):
        added = await bureau.ask(
            "POST",
            path,
            owner,
            account_id=me,
            json={"account_id": str(friend), "level": level, "game_id": game},
        )
        assert added.status == 204, added.body
    shown = await bureau.ask("GET", path, f"viewer@{organisation_id}")
    assert {(one["account_id"], one["level"], one["game_id"]) for one in shown.body["items"]} == {
        (str(me), "owner", None),
        (str(friend), "finance", None),
        (str(friend), "editor", str(game_id)),
    }
    assert {one["display_name"] for one in shown.body["items"]} == {"Игрок"}
    await bureau.ask("DELETE", f"{path}/{friend}?level=finance", owner, account_id=me)
    left = await bureau.ask("GET", path, owner)
    assert {one["level"] for one in left.body["items"]} == {"owner", "editor"}
    gone = await bureau.ask("DELETE", f"{path}/{friend}", f"editor@{organisation_id}", account_id=friend)
    assert gone.status == 204
    assert {one["level"] for one in (await bureau.ask("GET", path, owner)).body["items"]} == {"owner"}


async def test_only_owners_change_members(bureau: Bureau) -> None:
    organisation_id = await bureau.found(uuid4())
    path = f"/v1/dev/organizations/{organisation_id}/members"
    before = list(bureau.roles.grants)
    for place in (f"editor@{organisation_id}", f"owner@{uuid4()}"):
        added = await bureau.ask("POST", path, place, json={"account_id": str(uuid4()), "level": "owner"})
        assert (added.status, added.body["code"]) == (404, "developer.organisation_not_found")
        taken = await bureau.ask("DELETE", f"{path}/{uuid4()}", place)
        assert taken.status == 404
    assert (await bureau.ask("GET", path, f"owner@{uuid4()}")).status == 404
    assert bureau.roles.grants == before


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (AccountNotFound(), 404, "developer.member_not_found"),
        (RoleToOneself(), 403, "developer.role_to_oneself"),
        (TooManyGrants(), 409, "developer.too_many_roles"),
        (LastHolder(), 409, "developer.last_owner"),
    ],
)
async def test_what_auth_refuses_is_told_in_words_of_organisations(
    bureau: Bureau, refusal: SamovarError, status: int, code: str
) -> None:
    organisation_id = await bureau.found(uuid4())
    path, owner = f"/v1/dev/organizations/{organisation_id}/members", f"owner@{organisation_id}"
    bureau.roles.refusal = refusal
    answer = await (
        bureau.ask("DELETE", f"{path}/{uuid4()}", owner)
        if code == "developer.last_owner"
        else bureau.ask("POST", path, owner, json={"account_id": str(uuid4()), "level": "viewer"})
    )
    bureau.roles.refusal = None
    assert (answer.status, answer.body["code"]) == (status, code)


async def test_a_role_that_is_over_before_it_begins_is_refused_by_field(bureau: Bureau) -> None:
    organisation_id = await bureau.found(uuid4())
    path, owner = f"/v1/dev/organizations/{organisation_id}/members", f"owner@{organisation_id}"
    wanted = {"account_id": str(uuid4()), "level": "viewer", "expires_at": "2020-01-01T00:00:00Z"}
    answer = await bureau.ask("POST", path, owner, json=wanted)
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "expires_at")
    for body, field in (
        ({"account_id": "x", "level": "viewer"}, "account_id"),
        ({"account_id": str(uuid4()), "level": "king"}, "level"),
    ):
        bad = await bureau.ask("POST", path, owner, json=body)
        assert (bad.status, bad.body["errors"][0]["field"]) == (422, field)


async def test_members_are_listed_without_names_while_account_is_away(bureau: Bureau) -> None:
    organisation_id = await bureau.found(uuid4())
    path = f"/v1/dev/organizations/{organisation_id}/members"
    bureau.profiles.away = True
    shown = await bureau.ask("GET", path, f"viewer@{organisation_id}")
    bureau.profiles.away = False
    assert (shown.status, shown.body["items"][0]["display_name"]) == (200, None)
    bureau.roles.away = True
    away = await bureau.ask("GET", path, f"viewer@{organisation_id}")
    bureau.roles.away = False
    assert (away.status, away.body["code"]) == (503, "developer.auth_away")
