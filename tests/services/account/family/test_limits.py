"""Setting what a child may do, over REST, and what other services learn of it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.errors import InvalidInput
from samovar.services.account.contract.family_events import ChildLimitsChanged
from samovar.services.account.contract.v1_pb2 import (
    BatchGetLimitsRequest,
    ChildLimits,
    FamilyMember,
    GetFamilyRequest,
)
from samovar.services.account.contract.v1_pb2_grpc import FamiliesStub
from samovar.testing.hosting import Answer, Running
from tests.services.account.family.conftest import FAMILY, family, grown

LIMITS = {
    "age_max": 12,
    "minutes_by_weekday": [60, 60, 60, 60, 90, 120, 120],
    "hours": {"opens_minute": 480, "closes_minute": 1_260},
    "time_zone": "Asia/Yekaterinburg",
    "may_open_store": True,
    "chat": "friends",
    "purchases": "approval",
}


async def put(account: Running, caller: UUID, child: UUID, limits: object = LIMITS) -> Answer:
    return await account.request("PUT", f"{FAMILY}/members/{child}/limits", account_id=caller, json=limits)


async def show(account: Running, caller: UUID, child: UUID) -> Answer:
    return await account.request("GET", f"{FAMILY}/members/{child}/limits", account_id=caller)


async def test_a_child_begins_with_careful_limits(account: Running) -> None:
    anna, vera = await family(account, "child")
    answer = await show(account, anna, vera)
    shown: dict[str, Any] = answer.body
    assert answer.status == 200
    assert (shown["chat"], shown["purchases"], shown["may_open_store"]) == ("friends", "approval", True)
    assert (shown["age_max"], shown["today"]["minutes"]) == (None, None)


async def test_an_adult_sets_limits_and_the_child_sees_them(account: Running) -> None:
    anna, vera = await family(account, "child")
    for _ in range(2):
        answer = await put(account, anna, vera)
        assert (answer.status, {name: answer.body[name] for name in LIMITS}) == (200, LIMITS)
    assert (await show(account, vera, vera)).body == answer.body
    told = [event for event in await account.events(ChildLimitsChanged) if event.account_id == vera]
    assert [event.changed_by for event in told] == [anna]


async def test_an_adult_who_has_seen_older_limits_changes_nothing(account: Running) -> None:
    anna, boris, vera = await family(account, "adult", "child")
    seen = (await show(account, anna, vera)).headers["etag"]
    assert (await put(account, boris, vera, LIMITS | {"chat": "nobody"})).status == 200
    path = f"{FAMILY}/members/{vera}/limits"
    stale = await account.request("PUT", path, account_id=anna, json=LIMITS, headers={"If-Match": seen})
    assert stale.status == 412
    assert (await show(account, anna, vera)).body["chat"] == "nobody"
    now = (await show(account, anna, vera)).headers["etag"]
    fresh = await account.request("PUT", path, account_id=anna, json=LIMITS, headers={"If-Match": now})
    assert (fresh.status, fresh.body["chat"]) == (200, "friends")


async def test_nobody_but_the_adults_of_the_family_sets_or_sees_them(account: Running) -> None:
    anna, boris, vera, gleb = await family(account, "adult", "child", "child")
    stranger, lonely = (await family(account, "adult"))[0], await grown(account)
    codes = {}
    for caller, child in ((vera, vera), (gleb, vera), (stranger, vera), (lonely, vera), (anna, boris)):
        codes[caller] = (await put(account, caller, child)).body["code"]
    assert codes == {
        vera: "account.adults_decide",
        gleb: "account.adults_decide",
        stranger: "account.family_member_not_found",
        lonely: "account.no_family",
        anna: "account.not_a_child",
    }
    assert (await show(account, gleb, vera)).status == 403
    assert (await show(account, stranger, vera)).status == 404


@pytest.mark.parametrize(
    "change",
    [
        {"age_max": 13},
        {"minutes_by_weekday": [60] * 6},
        {"minutes_by_weekday": [1_441] + [60] * 6},
        {"minutes_by_weekday": [-1] + [60] * 6},
        {"hours": {"opens_minute": 600, "closes_minute": 600}},
        {"hours": {"opens_minute": -1, "closes_minute": 600}},
        {"hours": {"opens_minute": 0, "closes_minute": 1_441}},
        {"hours": {"opens_minute": 10**30, "closes_minute": 1_441}},
        {"hours": {"opens_minute": 0}},
        {"time_zone": "Mars/Base"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "Europe"},
        {"time_zone": "x\0y"},
        {"chat": "some"},
        {"purchases": None},
        {"bedtime": 1},
    ],
)
async def test_nonsense_limits_are_refused(account: Running, change: dict[str, object]) -> None:
    anna, vera = await family(account, "child")
    answer = await put(account, anna, vera, LIMITS | change)
    assert (answer.status, answer.body["code"]) == (422, "request.invalid")


async def test_other_services_learn_the_limits_of_children_alone(account: Running) -> None:
    anna, vera = await family(account, "child")
    await put(account, anna, vera)
    async with account.channel() as channel:
        answer = await FamiliesStub(channel).BatchGetLimits(
            BatchGetLimitsRequest(account_ids=[str(vera), str(anna), str(uuid4())])
        )
    assert list(answer.limits) == [str(vera)]
    limits = answer.limits[str(vera)]
    assert (limits.age_max, limits.chat, limits.purchases) == (
        12,
        ChildLimits.CHAT_FRIENDS,
        ChildLimits.PURCHASES_APPROVAL,
    )
    hours = limits.today.closes_at.ToDatetime(UTC) - limits.today.opens_at.ToDatetime(UTC)
    assert (hours.total_seconds(), limits.today.minutes in {60, 90, 120}) == (13 * 3_600, True)
    assert datetime.fromisoformat(limits.today.day)


async def test_other_services_learn_who_belongs_to_a_family(account: Running) -> None:
    anna, vera = await family(account, "child")
    async with account.channel() as channel:
        stub = FamiliesStub(channel)
        answer = await stub.GetFamily(GetFamilyRequest(account_id=str(vera)))
        none = await stub.GetFamily(GetFamilyRequest(account_id=str(uuid4())))
    assert [(member.account_id, member.role) for member in answer.members] == [
        (str(anna), FamilyMember.ROLE_ADULT),
        (str(vera), FamilyMember.ROLE_CHILD),
    ]
    assert (UUID(answer.family_id).version, answer.family_version, none.family_id) == (7, 4, "")


@pytest.mark.parametrize("ids", [["17"], [str(uuid4()) for _ in range(501)]])
async def test_nonsense_is_refused(account: Running, ids: list[str]) -> None:
    async with account.channel() as channel:
        with pytest.raises(InvalidInput):
            await FamiliesStub(channel).BatchGetLimits(BatchGetLimitsRequest(account_ids=ids))
        with pytest.raises(InvalidInput):
            await FamiliesStub(channel).GetFamily(GetFamilyRequest(account_id="17"))
