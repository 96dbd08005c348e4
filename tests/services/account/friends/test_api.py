"""Friends, requests and blocks over REST."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.account.contract.events import (
    AccountBlocked,
    AccountUnblocked,
    FriendRequested,
    FriendshipBegun,
    FriendshipEnded,
)
from samovar.testing.hosting import Answer, Running
from tests.services.account.conftest import person

REQUESTS = "/v1/friends/requests"


async def ask(account: Running, sender: UUID, other: UUID) -> Answer:
    return await account.request("POST", REQUESTS, account_id=sender, json={"account_id": str(other)})


async def befriend(account: Running, one: UUID, other: UUID) -> None:
    assert (await ask(account, one, other)).status == 201
    assert (await ask(account, other, one)).body["state"] == "accepted"


async def items(account: Running, path: str, viewer: UUID) -> list[Any]:
    answer = await account.request("GET", path, account_id=viewer)
    assert answer.status == 200
    listed: list[Any] = answer.body["items"]
    return listed


async def test_a_request_is_listed_on_both_sides_accepted_and_told_to_the_others(account: Running) -> None:
    anna, boris = await person(account, display_name="Анна"), await person(account, display_name="Борис")
    sent = await ask(account, anna, boris)
    assert (sent.status, sent.body["state"]) == (201, "pending")
    incoming = await items(account, REQUESTS, boris)
    outgoing = await items(account, f"{REQUESTS}?direction=outgoing", anna)
    assert [(one["id"], one["account"]["display_name"]) for one in incoming] == [(sent.body["id"], "Анна")]
    assert [(one["id"], one["account"]["display_name"]) for one in outgoing] == [(sent.body["id"], "Борис")]
    for _ in range(2):
        answer = await account.request("POST", f"{REQUESTS}/{sent.body['id']}/accept", account_id=boris)
        assert (answer.status, answer.body) == (200, {"id": sent.body["id"], "state": "accepted"})
    assert [friend["account_id"] for friend in await items(account, "/v1/friends", anna)] == [str(boris)]
    assert [friend["account_id"] for friend in await items(account, "/v1/friends", boris)] == [str(anna)]
    assert await items(account, REQUESTS, boris) == []
    asked = [event for event in await account.events(FriendRequested) if event.sender_id == anna]
    begun = [event for event in await account.events(FriendshipBegun) if anna in event.account_ids]
    assert [(event.recipient_id, event.relation_version) for event in asked] == [(boris, 1)]
    assert [(event.accepted_by, event.relation_version) for event in begun] == [(boris, 2)]


async def test_asked_again_the_answer_is_the_same_request(account: Running) -> None:
    anna, boris = await person(account), await person(account)
    first, again = await ask(account, anna, boris), await ask(account, anna, boris)
    assert (again.status, again.body) == (201, first.body)
    await ask(account, boris, anna)
    assert (await ask(account, anna, boris)).body == {"id": first.body["id"], "state": "accepted"}


async def test_a_declined_request_is_gone_and_its_sender_waits(account: Running) -> None:
    anna, boris = await person(account), await person(account)
    sent = await ask(account, anna, boris)
    for _ in range(2):
        answer = await account.request("POST", f"{REQUESTS}/{sent.body['id']}/decline", account_id=boris)
        assert (answer.status, answer.body["state"]) == (200, "declined")
    again = await ask(account, anna, boris)
    assert (again.status, again.body["code"]) == (429, "account.asked_too_soon")
    assert timedelta(days=6) < timedelta(seconds=int(again.headers["retry-after"])) <= timedelta(days=7)
    late = await account.request("POST", f"{REQUESTS}/{sent.body['id']}/accept", account_id=boris)
    assert (late.status, late.body["code"]) == (409, "account.request_closed")


async def test_a_request_is_cancelled_by_its_sender_alone_and_twice_is_once(account: Running) -> None:
    anna, boris = await person(account), await person(account)
    path = f"{REQUESTS}/{(await ask(account, anna, boris)).body['id']}"
    assert (await account.request("DELETE", path, account_id=boris)).status == 404
    assert [(await account.request("DELETE", path, account_id=anna)).status for _ in range(2)] == [204, 204]
    assert await items(account, REQUESTS, boris) == []


async def test_an_accepted_request_cannot_be_cancelled(account: Running) -> None:
    anna, boris = await person(account), await person(account)
    sent = await ask(account, anna, boris)
    await ask(account, boris, anna)
    answer = await account.request("DELETE", f"{REQUESTS}/{sent.body['id']}", account_id=anna)
    assert (answer.status, answer.body["code"]) == (409, "account.request_accepted")


async def test_others_requests_are_not_there(account: Running) -> None:
    anna, boris, stranger = await person(account), await person(account), await person(account)
    sent = await ask(account, anna, boris)
    for method, path in (("POST", "/accept"), ("POST", "/decline"), ("DELETE", "")):
        answer = await account.request(method, f"{REQUESTS}/{sent.body['id']}{path}", account_id=stranger)
        unknown = await account.request(method, f"{REQUESTS}/{uuid4()}{path}", account_id=stranger)
        assert answer.status == unknown.status == 404
        assert answer.body["code"] == unknown.body["code"] == "account.request_not_found"


async def test_favourites_come_first_and_pages_follow_one_another(account: Running) -> None:
    anna = await person(account)
    others = [await person(account) for _ in range(5)]
    for other in others:
        await befriend(account, anna, other)
    await account.request("PATCH", f"/v1/friends/{others[1]}", account_id=anna, json={"favourite": True})
    order: list[UUID] = []
    cursor = ""
    for _ in range(3):
        page = await account.request("GET", f"/v1/friends?limit=2{cursor}", account_id=anna)
        assert page.body["total"] == 5
        order += [UUID(friend["account_id"]) for friend in page.body["items"]]
        cursor = f"&cursor={page.body['next_cursor']}"
    assert page.body["next_cursor"] is None
    assert order == [others[1], others[4], others[3], others[2], others[0]]


async def test_a_nickname_is_seen_by_its_owner_alone(account: Running) -> None:
    anna, boris = await person(account), await person(account)
    await befriend(account, anna, boris)
    path = f"/v1/friends/{boris}"
    noted = await account.request("PATCH", path, account_id=anna, json={"nickname": "  Боря "})
    assert (noted.status, noted.body["nickname"], noted.body["favourite"]) == (200, "Боря", False)
    kept = await account.request("PATCH", path, account_id=anna, json={"favourite": True})
    assert (kept.body["nickname"], kept.body["favourite"]) == ("Боря", True)
    assert (await items(account, "/v1/friends", boris))[0]["nickname"] is None
    cleared = await account.request("PATCH", path, account_id=anna, json={"nickname": None})
    assert (cleared.body["nickname"], cleared.body["favourite"]) == (None, True)


@pytest.mark.parametrize(
    "body",
    [
        {"nickname": "a\0b"},
        {"nickname": "\u202eabc"},
        {"nickname": "x" * 65},
        {"favourite": "yes"},
        {"since": 1},
        [],
        1,
    ],
)
async def test_a_nickname_that_nobody_could_read_is_refused(account: Running, body: object) -> None:
    anna, boris = await person(account), await person(account)
    await befriend(account, anna, boris)
    answer = await account.request("PATCH", f"/v1/friends/{boris}", account_id=anna, json=body)
    assert (answer.status, answer.body["code"]) == (422, "request.invalid")


async def test_somebody_who_is_no_friend_has_no_nickname(account: Running) -> None:
    anna, boris = await person(account), await person(account)
    for other in (boris, uuid4()):
        answer = await account.request(
            "PATCH", f"/v1/friends/{other}", account_id=anna, json={"nickname": "x"}
        )
        assert (answer.status, answer.body["code"]) == (404, "account.friend_not_found")


async def test_an_ended_friendship_is_gone_for_both_and_twice_is_once(account: Running) -> None:
    anna, boris = await person(account), await person(account)
    await befriend(account, anna, boris)
    answers = [await account.request("DELETE", f"/v1/friends/{boris}", account_id=anna) for _ in range(2)]
    assert [answer.status for answer in answers] == [204, 204]
    assert await items(account, "/v1/friends", boris) == []
    ended = [event for event in await account.events(FriendshipEnded) if anna in event.account_ids]
    assert [(event.ended_by, event.reason) for event in ended] == [(anna, "ended")]
    assert (await account.request("DELETE", f"/v1/friends/{uuid4()}", account_id=anna)).status == 204


async def test_a_block_ends_a_friendship_and_is_listed_until_it_is_lifted(account: Running) -> None:
    anna, boris = await person(account), await person(account, display_name="Борис")
    await befriend(account, anna, boris)
    blocked = [await account.request("PUT", f"/v1/blocks/{boris}", account_id=anna) for _ in range(2)]
    assert [answer.status for answer in blocked] == [200, 200]
    assert blocked[0].body == blocked[1].body
    assert await items(account, "/v1/friends", anna) == await items(account, "/v1/friends", boris) == []
    listed = await items(account, "/v1/blocks", anna)
    assert [(one["account_id"], one["display_name"]) for one in listed] == [(str(boris), "Борис")]
    assert await items(account, "/v1/blocks", boris) == []
    for _ in range(2):
        assert (await account.request("DELETE", f"/v1/blocks/{boris}", account_id=anna)).status == 204
    assert await items(account, "/v1/blocks", anna) == []
    told = [event for event in await account.events(AccountBlocked) if event.account_id == anna]
    lifted = [event for event in await account.events(AccountUnblocked) if event.account_id == anna]
    assert [event.relation_version for event in told] == [4]
    assert [event.relation_version for event in lifted] == [5]


async def test_one_who_is_blocked_cannot_tell_it_from_silence(account: Running) -> None:
    anna, boris, silent = await person(account), await person(account), await person(account)
    await account.request("PUT", f"/v1/blocks/{anna}", account_id=boris)
    to_blocker, to_silent = await ask(account, anna, boris), await ask(account, anna, silent)
    assert (to_blocker.status, to_blocker.body["state"]) == (to_silent.status, to_silent.body["state"])
    assert set(to_blocker.body) == set(to_silent.body)
    outgoing = await items(account, f"{REQUESTS}?direction=outgoing", anna)
    assert [one["account"]["account_id"] for one in outgoing] == [str(silent), str(boris)]
    assert await items(account, REQUESTS, boris) == []
    assert not [event for event in await account.events(FriendRequested) if event.recipient_id == boris]
    accept = await account.request("POST", f"{REQUESTS}/{to_blocker.body['id']}/accept", account_id=boris)
    assert accept.status == 404
    for sent in (to_blocker, to_silent):
        path = f"{REQUESTS}/{sent.body['id']}"
        assert (await account.request("DELETE", path, account_id=anna)).status == 204


async def test_one_who_is_blocked_cannot_tell_it_from_one_who_hides_from_all(account: Running) -> None:
    anna, boris, hidden = await person(account), await person(account), await person(account)
    await account.request("PUT", f"/v1/blocks/{anna}", account_id=boris)
    closed = await account.request(
        "PATCH", "/v1/accounts/me/privacy", account_id=hidden, json={"profile": "nobody"}
    )
    assert closed.status == 200
    looks = []
    for other in (boris, hidden):
        profile = await account.request("GET", f"/v1/accounts/{other}", account_id=anna)
        asked = await ask(account, anna, other)
        looks.append((profile.status, profile.body["code"], asked.status, asked.body["state"]))
    assert looks[0] == looks[1] == (404, "account.not_found", 201, "pending")
    listed = await items(account, f"{REQUESTS}?direction=outgoing", anna)
    assert [set(one["account"]) for one in listed] == [set(listed[0]["account"])] * 2


async def test_friendships_and_blocks_stand_in_ones_own_history_and_requests_do_not(account: Running) -> None:
    anna, boris = await person(account), await person(account)
    await befriend(account, anna, boris)
    await account.request("PUT", f"/v1/blocks/{boris}", account_id=anna)
    await ask(account, boris, anna)
    kinds = {}
    for viewer in (anna, boris):
        answer = await account.request("GET", "/v1/accounts/me/activity", account_id=viewer)
        kinds[viewer] = [one["kind"] for one in answer.body["items"]]
    assert kinds == {anna: ["account_blocked", "friendship_ended"], boris: ["friendship_begun"]}


async def test_one_who_blocks_must_unblock_before_asking(account: Running) -> None:
    anna, boris = await person(account), await person(account)
    await account.request("PUT", f"/v1/blocks/{boris}", account_id=anna)
    answer = await ask(account, anna, boris)
    assert (answer.status, answer.body["code"]) == (409, "account.blocked_by_you")


async def test_nobody_asks_or_blocks_somebody_who_is_not_there(account: Running) -> None:
    anna = await person(account)
    asked = await ask(account, anna, uuid4())
    blocked = await account.request("PUT", f"/v1/blocks/{uuid4()}", account_id=anna)
    assert asked.status == blocked.status == 404
    assert asked.body["code"] == blocked.body["code"] == "account.not_found"


async def test_nobody_asks_or_blocks_themselves(account: Running) -> None:
    anna = await person(account)
    asked = await ask(account, anna, anna)
    blocked = await account.request("PUT", f"/v1/blocks/{anna}", account_id=anna)
    assert asked.status == blocked.status == 422
    assert asked.body["errors"][0]["code"] == blocked.body["errors"][0]["code"] == "oneself"


@pytest.mark.parametrize("body", [{}, {"account_id": "17"}, {"account_id": None}, {"account_id": 1}, [], "x"])
async def test_a_request_that_names_nobody_is_refused(account: Running, body: object) -> None:
    answer = await account.request("POST", REQUESTS, account_id=await person(account), json=body)
    assert (answer.status, answer.body["code"]) == (422, "request.invalid")


@pytest.mark.parametrize("query", ["direction=sideways", "cursor=xxxx", "limit=0", "limit=101"])
async def test_a_list_asked_for_in_a_wrong_way_is_refused(account: Running, query: str) -> None:
    answer = await account.request("GET", f"{REQUESTS}?{query}", account_id=await person(account))
    assert answer.status == 422


@pytest.mark.parametrize("path", ["/v1/friends", REQUESTS, "/v1/blocks"])
async def test_a_list_needs_a_token(account: Running, path: str) -> None:
    assert (await account.request("GET", path)).status == 401
