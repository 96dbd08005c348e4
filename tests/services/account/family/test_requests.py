"""What children ask for, over REST."""

from uuid import UUID, uuid4

import pytest

from samovar.services.account.contract.family_events import (
    PlayTimeRequestDecided,
    PlayTimeRequested,
    PurchaseRequestApproved,
    PurchaseRequestClosed,
    PurchaseRequested,
)
from samovar.testing.hosting import Answer, Running
from tests.services.account.conftest import OpenShop
from tests.services.account.family.conftest import FAMILY, family, grown
from tests.services.account.family.test_limits import LIMITS, put, show

PURCHASES = f"{FAMILY}/purchase-requests"
PLAY_TIME = f"{FAMILY}/play-time-requests"


async def wish(account: Running, child: UUID, package_id: UUID | None = None) -> Answer:
    body = {"package_id": str(package_id or uuid4()), "note": "Очень надо"}
    return await account.request("POST", PURCHASES, account_id=child, json=body)


async def test_an_approved_purchase_says_who_pays(account: Running) -> None:
    anna, boris, vera = await family(account, "adult", "child")
    package_id = uuid4()
    asked = await wish(account, vera, package_id)
    assert (asked.status, asked.body["state"], asked.body["note"]) == (201, "pending", "Очень надо")
    path = f"{PURCHASES}/{asked.body['id']}/approve"
    for adult in (boris, anna, boris):
        answer = await account.request("POST", path, account_id=adult)
        assert (answer.status, answer.body["state"], answer.body["decided_by"]) == (
            200,
            "approved",
            str(boris),
        )
    approved = [one for one in await account.events(PurchaseRequestApproved) if one.account_id == vera]
    assert [(one.payer_id, one.package_id) for one in approved] == [(boris, package_id)]
    told = [one for one in await account.events(PurchaseRequested) if one.account_id == vera]
    assert [one.package_id for one in told] == [package_id]


async def test_a_package_is_asked_for_once_while_it_is_open(account: Running) -> None:
    anna, vera = await family(account, "child")
    package_id = uuid4()
    first, again = [await wish(account, vera, package_id) for _ in range(2)]
    assert first.body == again.body
    await account.request("POST", f"{PURCHASES}/{first.body['id']}/decline", account_id=anna)
    assert (await wish(account, vera, package_id)).body["id"] != first.body["id"]
    closed = [one for one in await account.events(PurchaseRequestClosed) if one.account_id == vera]
    assert [(one.reason, one.closed_by) for one in closed] == [("declined", anna)]


async def test_what_was_decided_stays_decided(account: Running) -> None:
    anna, vera = await family(account, "child")
    path = f"{PURCHASES}/{(await wish(account, vera)).body['id']}"
    assert (await account.request("POST", f"{path}/decline", account_id=anna)).status == 200
    late = await account.request("POST", f"{path}/approve", account_id=anna)
    assert (late.status, late.body["code"]) == (409, "account.family_request_closed")
    gone = await account.request("DELETE", path, account_id=vera)
    assert (gone.status, gone.body["code"]) == (409, "account.family_request_closed")


async def test_a_child_takes_its_own_wish_back(account: Running) -> None:
    anna, vera, gleb = await family(account, "child", "child")
    path = f"{PURCHASES}/{(await wish(account, vera)).body['id']}"
    for other in (gleb, anna):
        assert (await account.request("DELETE", path, account_id=other)).status == 404
    assert [(await account.request("DELETE", path, account_id=vera)).status for _ in range(2)] == [204, 204]
    late = await account.request("POST", f"{path}/approve", account_id=anna)
    assert late.body["code"] == "account.family_request_closed"


async def test_adults_see_all_wishes_and_a_child_its_own(account: Running) -> None:
    anna, vera, gleb = await family(account, "child", "child")
    mine, other = (await wish(account, vera)).body["id"], (await wish(account, gleb)).body["id"]
    seen = {}
    for viewer in (anna, vera, gleb):
        answer = await account.request("GET", f"{PURCHASES}?state=pending", account_id=viewer)
        seen[viewer] = [one["id"] for one in answer.body["items"]]
    assert seen == {anna: [other, mine], vera: [mine], gleb: [other]}
    page = await account.request("GET", f"{PURCHASES}?limit=1", account_id=anna)
    rest = await account.request(
        "GET", f"{PURCHASES}?limit=1&cursor={page.body['next_cursor']}", account_id=anna
    )
    assert [one["id"] for one in page.body["items"] + rest.body["items"]] == [other, mine]
    assert rest.body["next_cursor"] is None


async def test_only_children_ask_and_only_their_adults_answer(account: Running) -> None:
    anna, vera, gleb = await family(account, "child", "child")
    stranger = (await family(account, "adult"))[0]
    lonely = await grown(account)
    path = f"{PURCHASES}/{(await wish(account, vera)).body['id']}/approve"
    answers = {
        caller: (await account.request("POST", path, account_id=caller)).body["code"]
        for caller in (vera, gleb, stranger, lonely)
    }
    assert answers == {
        vera: "account.adults_decide",
        gleb: "account.adults_decide",
        stranger: "account.family_request_not_found",
        lonely: "account.no_family",
    }
    assert (await wish(account, anna)).body["code"] == "account.children_only"
    assert (await wish(account, lonely)).body["code"] == "account.no_family"
    wrong_kind = await account.request(
        "POST", path.replace("purchase", "play-time"), account_id=anna, json={}
    )
    assert wrong_kind.body["code"] == "account.family_request_not_found"


@pytest.mark.parametrize("change", [{"purchases": "never"}, {"may_open_store": False}])
async def test_a_child_that_may_not_buy_may_not_ask(account: Running, change: dict[str, object]) -> None:
    anna, vera = await family(account, "child")
    await put(account, anna, vera, LIMITS | change)
    answer = await wish(account, vera)
    assert (answer.status, answer.body["code"]) == (403, "account.purchases_not_allowed")


async def test_wishes_that_wait_are_limited(account: Running) -> None:
    _, vera = await family(account, "child")
    answers = [await wish(account, vera) for _ in range(21)]
    assert [answer.status for answer in answers] == [201] * 20 + [409]
    assert answers[-1].body["code"] == "account.too_many_family_requests"


async def test_wishes_end_when_the_child_is_let_go(account: Running) -> None:
    anna, vera = await family(account, "child")
    request_id = (await wish(account, vera)).body["id"]
    await account.request("DELETE", f"{FAMILY}/members/{vera}", account_id=anna)
    closed = [one for one in await account.events(PurchaseRequestClosed) if one.account_id == vera]
    assert [(str(one.request_id), one.reason) for one in closed] == [(request_id, "canceled")]


async def test_more_time_is_given_for_today(account: Running) -> None:
    anna, vera = await family(account, "child")
    await put(account, anna, vera)
    before = (await show(account, vera, vera)).body["today"]
    asked = await account.request("POST", PLAY_TIME, account_id=vera, json={"minutes": 30})
    again = await account.request("POST", PLAY_TIME, account_id=vera, json={"minutes": 60})
    assert (asked.status, asked.body, asked.body["day"]) == (201, again.body, before["day"])
    path = f"{PLAY_TIME}/{asked.body['id']}/approve"
    for minutes in (15, 480):
        answer = await account.request("POST", path, account_id=anna, json={"minutes": minutes})
        assert (answer.body["state"], answer.body["minutes"]) == ("approved", 15)
    after = (await show(account, vera, vera)).body["today"]
    assert after["minutes"] == before["minutes"] + 15
    assert after["closes_at"] > before["closes_at"]
    asked_events = [one for one in await account.events(PlayTimeRequested) if one.account_id == vera]
    decided = [one for one in await account.events(PlayTimeRequestDecided) if one.account_id == vera]
    assert [one.minutes for one in asked_events] == [30]
    assert [(one.state, one.minutes, one.decided_by) for one in decided] == [("approved", 15, anna)]


async def test_a_child_without_a_limit_asks_for_no_time(account: Running) -> None:
    _, vera = await family(account, "child")
    answer = await account.request("POST", PLAY_TIME, account_id=vera, json={"minutes": 30})
    assert (answer.status, answer.body["code"]) == (409, "account.no_play_limit")


async def test_a_request_for_time_is_declined_or_taken_back(account: Running) -> None:
    anna, vera = await family(account, "child")
    await put(account, anna, vera)
    first = (await account.request("POST", PLAY_TIME, account_id=vera, json={"minutes": 5})).body["id"]
    declined = await account.request("POST", f"{PLAY_TIME}/{first}/decline", account_id=anna)
    assert (declined.status, declined.body["state"]) == (200, "declined")
    second = (await account.request("POST", PLAY_TIME, account_id=vera, json={"minutes": 5})).body["id"]
    assert (await account.request("DELETE", f"{PLAY_TIME}/{second}", account_id=vera)).status == 204
    listed = (await account.request("GET", PLAY_TIME, account_id=anna)).body["items"]
    assert [(one["id"], one["state"]) for one in listed] == [(second, "canceled"), (first, "declined")]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (PURCHASES, {}),
        (PURCHASES, {"package_id": "17"}),
        (PURCHASES, {"package_id": str(uuid4()), "note": "x" * 501}),
        (PURCHASES, {"package_id": str(uuid4()), "note": "x\0"}),
        (PURCHASES, {"package_id": str(uuid4()), "note": "\u202egnp.exe"}),
        (PLAY_TIME, {"minutes": 30, "note": "x" + "\n" * 60 + "x"}),
        (PLAY_TIME, {"minutes": 4}),
        (PLAY_TIME, {"minutes": 481}),
        (PLAY_TIME, {"minutes": "30"}),
        (PLAY_TIME, []),
    ],
)
async def test_nonsense_is_refused(account: Running, path: str, body: object) -> None:
    anna, vera = await family(account, "child")
    await put(account, anna, vera)
    answer = await account.request("POST", path, account_id=vera, json=body)
    assert (answer.status, answer.body["code"]) == (422, "request.invalid")


async def test_a_note_that_cannot_be_shown_is_named(account: Running) -> None:
    _, vera = await family(account, "child")
    body = {"package_id": str(uuid4()), "note": "x\0"}
    answer = await account.request("POST", PURCHASES, account_id=vera, json=body)
    assert [(fault["field"], fault["code"]) for fault in answer.body["errors"]] == [("note", "text_invalid")]


async def test_what_is_not_sold_is_not_asked_for(account: Running, open_shop: OpenShop) -> None:
    anna, vera = await family(account, "child")
    nothing, gone = uuid4(), uuid4()
    open_shop.shop.unknown.add(str(nothing))
    open_shop.shop.states[str(gone)] = "withdrawn"
    for package_id in (nothing, gone):
        refused = await wish(account, vera, package_id)
        assert (refused.status, refused.body["errors"][0]["field"], refused.body["errors"][0]["code"]) == (
            422,
            "package_id",
            "wish_not_sold",
        )
    asked = await account.request("GET", PURCHASES, account_id=anna)
    assert asked.body["items"] == []


async def test_nothing_is_asked_for_while_the_store_is_away(account: Running, open_shop: OpenShop) -> None:
    _, vera = await family(account, "child")
    open_shop.shop.away = True
    try:
        answer = await wish(account, vera)
    finally:
        open_shop.shop.away = False
    assert (answer.status, answer.body["code"]) == (503, "account.store_away")
    assert (await wish(account, vera)).status == 201
