"""Founding, inviting, joining and leaving over REST."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from samovar.services.account.contract.events import AgeLevelChanged
from samovar.services.account.contract.family_events import (
    FamilyCreated,
    FamilyInviteClosed,
    FamilyMemberInvited,
    FamilyMemberJoined,
    FamilyMemberLeft,
    FamilyMemberRoleChanged,
)
from samovar.testing.hosting import Running
from tests.services.account.conftest import person
from tests.services.account.family.conftest import FAMILY, child, family, grown, invite, members, take_in
from tests.services.account.friends.test_api import befriend

INVITES = f"{FAMILY}/invites"


async def test_a_family_is_made_by_an_adult_and_others_join_by_invite(account: Running) -> None:
    anna, boris, vera = await family(account, "adult", "child")
    assert await members(account, vera) == {anna: "adult", boris: "adult", vera: "child"}
    shown = (await account.request("GET", FAMILY, account_id=boris)).body
    assert (shown["places"], shown["free_places"], shown["next_place_at"]) == (6, 3, None)
    family_id = UUID(shown["id"])
    created = await account.events(FamilyCreated)
    invited = await account.events(FamilyMemberInvited)
    joined = await account.events(FamilyMemberJoined)
    assert [event.family_version for event in created if event.family_id == family_id] == [1]
    assert [event.family_version for event in invited if event.family_id == family_id] == [3, 5]
    assert [event.family_version for event in joined if event.family_id == family_id] == [2, 4, 6]


async def test_who_is_under_age_or_has_not_said_makes_no_family(account: Running) -> None:
    young = await account.request("POST", FAMILY, account_id=await child(account))
    unknown = await account.request("POST", FAMILY, account_id=await person(account))
    assert (young.status, young.body["code"]) == (403, "account.adults_only")
    assert (unknown.status, unknown.body["code"]) == (409, "account.age_unknown")


async def test_nobody_is_in_two_families(account: Running) -> None:
    anna, boris = await family(account, "adult")
    again = await account.request("POST", FAMILY, account_id=boris)
    assert (again.status, again.body["code"]) == (409, "account.in_family")
    (vera,) = await family(account)
    await befriend(account, vera, boris)
    sent = await invite(account, vera, boris, "adult")
    answer = await account.request("POST", f"{INVITES}/{sent.body['id']}/accept", account_id=boris)
    assert (answer.status, answer.body["code"]) == (409, "account.in_family")
    assert list(await members(account, anna)) == [anna, boris]


async def test_whoever_has_no_family_is_told_so(account: Running) -> None:
    answer = await account.request("GET", FAMILY, account_id=await grown(account))
    assert (answer.status, answer.body["code"]) == (404, "account.no_family")


async def test_only_friends_are_invited_and_only_by_adults(account: Running) -> None:
    anna, vera = await family(account, "child")
    stranger = await grown(account)
    refused = await invite(account, anna, stranger, "adult")
    unknown = await invite(account, anna, uuid4(), "adult")
    assert (refused.status, refused.body["code"]) == (409, "account.not_a_friend")
    assert refused.body["code"] == unknown.body["code"]
    await befriend(account, vera, stranger)
    by_child = await invite(account, vera, stranger, "adult")
    assert (by_child.status, by_child.body["code"]) == (403, "account.adults_decide")
    assert (await invite(account, anna, anna, "adult")).status == 422
    assert (await invite(account, anna, vera, "child")).body["code"] == "account.already_family_member"
    assert (await invite(account, stranger, anna, "adult")).body["code"] == "account.no_family"


async def test_an_invite_again_is_the_same_one_and_as_something_else_a_new_one(account: Running) -> None:
    (anna,) = await family(account)
    boris = await child(account)
    await befriend(account, anna, boris)
    first, again = [await invite(account, anna, boris, "adult") for _ in range(2)]
    assert first.body == again.body
    other = await invite(account, anna, boris, "child")
    assert other.body["id"] != first.body["id"]
    late = await account.request("POST", f"{INVITES}/{first.body['id']}/accept", account_id=boris)
    assert (late.status, late.body["code"]) == (409, "account.family_invite_closed")
    for _ in range(2):
        answer = await account.request("POST", f"{INVITES}/{other.body['id']}/accept", account_id=boris)
        assert (answer.status, answer.body["state"]) == (200, "accepted")
    assert (await members(account, anna))[boris] == "child"


async def test_ages_show_only_to_the_one_who_accepts(account: Running) -> None:
    (anna,) = await family(account)
    for role, other, code in (
        ("child", await grown(account), "account.age_does_not_fit"),
        ("adult", await child(account), "account.adults_only"),
        ("child", await person(account), "account.age_unknown"),
    ):
        await befriend(account, anna, other)
        sent = await invite(account, anna, other, role)
        assert sent.status == 201
        answer = await account.request("POST", f"{INVITES}/{sent.body['id']}/accept", account_id=other)
        assert answer.body["code"] == code


async def test_invites_are_listed_on_both_sides_and_end_by_no(account: Running) -> None:
    (anna,) = await family(account)
    boris = await grown(account)
    await befriend(account, anna, boris)
    invite_id = (await invite(account, anna, boris, "adult")).body["id"]
    incoming = await account.request("GET", INVITES, account_id=boris)
    outgoing = await account.request("GET", f"{INVITES}?direction=outgoing", account_id=anna)
    assert [(one["id"], one["account"]["account_id"]) for one in incoming.body["items"]] == [
        (invite_id, str(anna))
    ]
    assert [(one["id"], one["account"]["account_id"]) for one in outgoing.body["items"]] == [
        (invite_id, str(boris))
    ]
    assert (await account.request("DELETE", f"{INVITES}/{invite_id}", account_id=boris)).status == 404
    for _ in range(2):
        answer = await account.request("POST", f"{INVITES}/{invite_id}/decline", account_id=boris)
        assert (answer.status, answer.body["state"]) == (200, "declined")
    assert (await account.request("DELETE", f"{INVITES}/{invite_id}", account_id=anna)).status == 204
    closed = [one for one in await account.events(FamilyInviteClosed) if str(one.invite_id) == invite_id]
    assert [one.reason for one in closed] == ["declined"]


async def test_a_withdrawn_invite_and_one_of_a_lost_friend_lead_nowhere(account: Running) -> None:
    (anna,) = await family(account)
    boris, vera = await grown(account), await grown(account)
    for other in (boris, vera):
        await befriend(account, anna, other)
    withdrawn = (await invite(account, anna, boris, "adult")).body["id"]
    for _ in range(2):
        assert (await account.request("DELETE", f"{INVITES}/{withdrawn}", account_id=anna)).status == 204
    lost = (await invite(account, anna, vera, "adult")).body["id"]
    await account.request("PUT", f"/v1/blocks/{anna}", account_id=vera)
    for invite_id, other in ((withdrawn, boris), (lost, vera)):
        answer = await account.request("POST", f"{INVITES}/{invite_id}/accept", account_id=other)
        assert (answer.status, answer.body["code"]) == (409, "account.family_invite_closed")
    strange = await account.request("POST", f"{INVITES}/{lost}/accept", account_id=boris)
    assert (strange.status, strange.body["code"]) == (404, "account.family_invite_not_found")


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/v1/friends"), ("PUT", "/v1/blocks")])
async def test_an_invite_ends_with_the_friendship(account: Running, method: str, path: str) -> None:
    (anna,) = await family(account)
    vera = await grown(account)
    await befriend(account, anna, vera)
    invite_id = (await invite(account, anna, vera, "adult")).body["id"]
    await account.request(method, f"{path}/{anna}", account_id=vera)
    await account.until("SELECT state = 'canceled' FROM family_invites WHERE id = $1", UUID(invite_id))
    for who, direction in ((anna, "outgoing"), (vera, "incoming")):
        listed = await account.request("GET", f"{INVITES}?direction={direction}", account_id=who)
        assert listed.body["items"] == []
    closed = [one for one in await account.events(FamilyInviteClosed) if str(one.invite_id) == invite_id]
    assert [one.reason for one in closed] == ["canceled"]


async def test_invites_count_as_places(account: Running) -> None:
    (anna,) = await family(account)
    others = [await grown(account) for _ in range(6)]
    for other in others:
        await befriend(account, anna, other)
    answers = [await invite(account, anna, other, "adult") for other in others]
    assert [answer.status for answer in answers] == [201] * 5 + [409]
    assert answers[-1].body["code"] == "account.family_full"


async def test_an_adult_leaves_and_waits_a_year(account: Running) -> None:
    anna, boris = await family(account, "adult")
    for _ in range(2):
        left = await account.request("DELETE", f"{FAMILY}/members/{boris}", account_id=boris)
        assert left.status == 204
    shown = (await account.request("GET", FAMILY, account_id=anna)).body
    assert shown["free_places"] == 4
    assert shown["next_place_at"]
    again = await account.request("POST", FAMILY, account_id=boris)
    assert (again.status, again.body["code"]) == (409, "account.family_cooldown")
    assert 364 * 86_400 < int(again.headers["retry-after"]) <= 365 * 86_400
    sent = await invite(account, anna, boris, "adult")
    back = await account.request("POST", f"{INVITES}/{sent.body['id']}/accept", account_id=boris)
    assert back.status == 200
    assert (await account.request("GET", FAMILY, account_id=anna)).body["free_places"] == 4


async def test_a_child_stays_until_an_adult_lets_it_go(account: Running) -> None:
    anna, boris, vera = await family(account, "adult", "child")
    for path in (f"/members/{vera}", f"/members/{anna}", ""):
        answer = await account.request("DELETE", f"{FAMILY}{path}", account_id=vera)
        assert (answer.status, answer.body["code"]) == (403, "account.adults_decide")
    adult = await account.request("DELETE", f"{FAMILY}/members/{anna}", account_id=boris)
    assert (adult.status, adult.body["code"]) == (403, "account.adults_leave_themselves")
    assert (await account.request("DELETE", f"{FAMILY}/members/{vera}", account_id=boris)).status == 204
    assert await members(account, vera) == {}
    left = [event for event in await account.events(FamilyMemberLeft) if event.account_id == vera]
    assert [event.reason for event in left] == ["removed"]


async def test_the_last_adult_dissolves_the_family_and_frees_the_children(account: Running) -> None:
    anna, vera = await family(account, "child")
    friend = await grown(account)
    await befriend(account, anna, friend)
    waiting = (await invite(account, anna, friend, "adult")).body["id"]
    stay = await account.request("DELETE", f"{FAMILY}/members/{anna}", account_id=anna)
    assert (stay.status, stay.body["code"]) == (409, "account.last_adult")
    for _ in range(2):
        assert (await account.request("DELETE", FAMILY, account_id=anna)).status == 204
    assert await members(account, vera) == await members(account, anna) == {}
    closed = [one for one in await account.events(FamilyInviteClosed) if str(one.invite_id) == waiting]
    assert [one.reason for one in closed] == ["canceled"]
    (other,) = await family(account)
    await befriend(account, other, vera)
    sent = await invite(account, other, vera, "child")
    assert (
        await account.request("POST", f"{INVITES}/{sent.body['id']}/accept", account_id=vera)
    ).status == 200


async def test_joining_and_leaving_stand_in_ones_history(account: Running) -> None:
    _, boris = await family(account, "adult")
    await account.request("DELETE", f"{FAMILY}/members/{boris}", account_id=boris)
    answer = await account.request("GET", "/v1/accounts/me/activity", account_id=boris)
    kinds = [one["kind"] for one in answer.body["items"]]
    assert [kind for kind in kinds if kind.startswith("family")] == [
        "family_member_left",
        "family_member_joined",
    ]


async def test_two_adults_dissolve_no_family(account: Running) -> None:
    anna, _ = await family(account, "adult")
    answer = await account.request("DELETE", FAMILY, account_id=anna)
    assert (answer.status, answer.body["code"]) == (409, "account.other_adults")


async def test_a_child_is_an_adult_from_its_eighteenth_birthday(account: Running) -> None:
    anna, vera = await family(account, "child")
    birthday = AgeLevelChanged(account_id=vera, level=18, source="self", changed_at=datetime.now(UTC))
    await account.announce(birthday)
    await account.until("SELECT true FROM family_members WHERE account_id = $1 AND role = 'adult'", vera)
    told = [one for one in await account.events(FamilyMemberRoleChanged) if one.account_id == vera]
    assert [one.role for one in told] == ["adult"]
    assert (await account.request("DELETE", f"{FAMILY}/members/{vera}", account_id=vera)).status == 204
    assert list(await members(account, anna)) == [anna]


@pytest.mark.parametrize(
    "body", [{}, {"account_id": "17", "role": "adult"}, {"account_id": str(uuid4()), "role": "pet"}, []]
)
async def test_an_invite_that_says_nothing_is_refused(account: Running, body: object) -> None:
    (anna,) = await family(account)
    answer = await account.request("POST", INVITES, account_id=anna, json=body)
    assert (answer.status, answer.body["code"]) == (422, "request.invalid")


async def test_a_stranger_sees_no_family(account: Running) -> None:
    assert (await account.request("GET", FAMILY)).status == 401
    assert (await account.request("POST", FAMILY)).status == 401


async def test_a_family_is_not_seen_by_somebody_who_is_only_invited(account: Running) -> None:
    (anna,) = await family(account)
    await take_in(account, anna, "child")
    friend = await grown(account)
    await befriend(account, anna, friend)
    await invite(account, anna, friend, "adult")
    assert (await account.request("GET", FAMILY, account_id=friend)).status == 404
