"""Whom one may know, over REST."""

from uuid import UUID

import pytest

from samovar.testing.hosting import Running
from tests.services.account.conftest import person
from tests.services.account.friends.test_api import ask, befriend

PATH = "/v1/friends/suggestions"


async def suggested(account: Running, viewer: UUID, query: str = "") -> list[tuple[UUID, int]]:
    answer = await account.request("GET", f"{PATH}{query}", account_id=viewer)
    assert answer.status == 200, answer.body
    return [(UUID(one["account_id"]), one["mutual_friends"]) for one in answer.body["items"]]


async def hide(account: Running, owner: UUID, section: str) -> None:
    answer = await account.request(
        "PATCH", "/v1/accounts/me/privacy", account_id=owner, json={section: "nobody"}
    )
    assert answer.status == 200


async def test_friends_of_friends_come_with_the_most_in_common_first(account: Running) -> None:
    anna, boris, vera, near, far = [await person(account) for _ in range(5)]
    for one, other in ((anna, boris), (anna, vera), (boris, near), (vera, near), (vera, far), (boris, vera)):
        await befriend(account, one, other)
    assert await suggested(account, anna) == [(near, 2), (far, 1)]
    assert await suggested(account, anna, "?limit=1") == [(near, 2)]


async def test_nobody_is_suggested_with_whom_one_has_had_to_do(account: Running) -> None:
    anna, boris = await person(account), await person(account)
    await befriend(account, anna, boris)
    asked, blocked, blocker, parted = [await person(account) for _ in range(4)]
    for other in (asked, blocked, blocker, parted):
        await befriend(account, boris, other)
    assert len(await suggested(account, anna)) == 4
    await ask(account, anna, asked)
    await account.request("PUT", f"/v1/blocks/{blocked}", account_id=anna)
    await account.request("PUT", f"/v1/blocks/{anna}", account_id=blocker)
    await befriend(account, anna, parted)
    await account.request("DELETE", f"/v1/friends/{parted}", account_id=anna)
    assert await suggested(account, anna) == []


async def test_a_friend_who_shows_no_friends_leads_to_nobody(account: Running) -> None:
    anna, boris, vera = [await person(account) for _ in range(3)]
    await befriend(account, anna, boris)
    await befriend(account, boris, vera)
    assert await suggested(account, anna) == [(vera, 1)]
    await hide(account, boris, "friends")
    assert await suggested(account, anna) == []


async def test_somebody_who_hides_is_suggested_to_nobody(account: Running) -> None:
    anna, boris, vera = [await person(account) for _ in range(3)]
    await befriend(account, anna, boris)
    await befriend(account, boris, vera)
    await hide(account, vera, "profile")
    assert await suggested(account, anna) == []


@pytest.mark.parametrize("query", ["?limit=0", "?limit=51", "?limit=x"])
async def test_a_wrong_number_is_refused(account: Running, query: str) -> None:
    answer = await account.request("GET", f"{PATH}{query}", account_id=await person(account))
    assert answer.status == 422


async def test_a_stranger_gets_no_suggestions(account: Running) -> None:
    assert (await account.request("GET", PATH)).status == 401
