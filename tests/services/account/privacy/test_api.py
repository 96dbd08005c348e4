"""Privacy over REST and gRPC."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.errors import InvalidInput
from samovar.services.account.contract.events import PrivacyChanged
from samovar.services.account.contract.v1_pb2 import BatchCheckVisibilityRequest
from samovar.services.account.contract.v1_pb2_grpc import PrivacyStub
from samovar.services.account.privacy import use_cases
from samovar.testing.hosting import Answer, Running
from tests.services.account.conftest import person

PRIVACY = "/v1/accounts/me/privacy"


async def change(account: Running, account_id: UUID, tag: str | None = None, **fields: Any) -> Answer:
    headers = {"If-Match": tag} if tag else {}
    return await account.request("PATCH", PRIVACY, account_id=account_id, json=fields, headers=headers)


async def make_exception(account: Running, account_id: UUID, other: UUID, **sections: Any) -> Answer:
    return await account.request("PUT", f"{PRIVACY}/exceptions/{other}", account_id=account_id, json=sections)


async def visible(account: Running, viewer: UUID | None, owners: list[UUID], section: str) -> set[str]:
    async with account.channel() as channel:
        answer = await PrivacyStub(channel).BatchCheckVisibility(
            BatchCheckVisibilityRequest(
                viewer_id=str(viewer) if viewer else None,
                owner_ids=[str(owner) for owner in owners],
                section=section,
            )
        )
    return set(answer.visible_owner_ids)


async def test_the_defaults_are_shown_and_each_change_is_told(account: Running) -> None:
    account_id = await person(account)
    shown = await account.request("GET", PRIVACY, account_id=account_id)
    assert shown.body == {
        "profile": "everyone",
        "library": "friends",
        "friends": "friends",
        "activity": "friends",
        "is_findable": True,
        "exceptions": [],
    }
    changed = await change(account, account_id, shown.headers["etag"], library="nobody", is_findable=False)
    assert (changed.status, changed.body) == (200, shown.body | {"library": "nobody", "is_findable": False})
    assert (await change(account, account_id, library="nobody")).headers["etag"] == changed.headers["etag"]
    assert (await change(account, account_id, shown.headers["etag"], library="everyone")).status == 412
    told = [one for one in await account.events(PrivacyChanged) if one.account_id == account_id]
    assert [(one.library, one.profile, one.version) for one in told] == [("nobody", "everyone", 1)]


async def test_a_profile_for_nobody_is_answered_as_one_that_does_not_exist(account: Running) -> None:
    account_id, viewer = await person(account), await person(account)
    await change(account, account_id, profile="nobody")
    hidden = await account.request("GET", f"/v1/accounts/{account_id}", account_id=viewer)
    absent = await account.request("GET", f"/v1/accounts/{uuid4()}", account_id=viewer)
    same = ("status", "code", "title", "detail", "type")
    assert hidden.status == 404
    assert [hidden.body[name] for name in same] == [absent.body[name] for name in same]
    own = await account.request("GET", f"/v1/accounts/{account_id}", account_id=account_id)
    assert (own.status, own.body["hidden"]) == (200, [])


async def test_a_profile_for_friends_shows_strangers_name_and_picture(account: Running) -> None:
    account_id, viewer = await person(account, display_name="Лиса"), await person(account)
    await change(account, account_id, profile="friends")
    shown = await account.request("GET", f"/v1/accounts/{account_id}", account_id=viewer)
    assert set(shown.body) == {"account_id", "display_name", "name", "avatar_url", "hidden"}
    assert (shown.body["display_name"], shown.body["hidden"][0]) == ("Лиса", "profile")


async def test_an_exception_opens_and_closes_sections_for_one_person(account: Running) -> None:
    owner, chosen, other = [await person(account) for _ in range(3)]
    made = await make_exception(account, owner, chosen, library=True, activity=False)
    assert made.status == 200
    assert made.body["exceptions"] == [
        {"account_id": str(chosen), "profile": None, "library": True, "friends": None, "activity": False}
    ]
    assert await visible(account, chosen, [owner], "library") == {str(owner)}
    assert await visible(account, other, [owner], "library") == set()
    assert await visible(account, None, [owner], "profile") == {str(owner)}
    closed = await make_exception(account, owner, chosen, profile=False)
    assert closed.body["exceptions"][0]["library"] is None
    assert (await account.request("GET", f"/v1/accounts/{owner}", account_id=chosen)).status == 404
    assert (await account.request("GET", f"/v1/accounts/{owner}", account_id=other)).status == 200
    path = f"{PRIVACY}/exceptions/{chosen}"
    statuses = [(await account.request("DELETE", path, account_id=owner)).status for _ in range(2)]
    assert statuses == [204, 204]
    assert (await account.request("GET", f"/v1/accounts/{owner}", account_id=chosen)).status == 200
    told = [one for one in await account.events(PrivacyChanged) if one.account_id == owner]
    assert [len(one.exceptions) for one in told] == [2, 1, 0]
    assert [one.version for one in told] == [1, 2, 3]


async def test_an_exception_is_no_way_to_learn_who_exists(account: Running) -> None:
    owner, hidden = await person(account), await person(account)
    await change(account, hidden, profile="nobody")
    answers = [
        await make_exception(account, owner, other, library=True) for other in (hidden, uuid4(), owner)
    ]
    assert [(one.status, one.body["code"]) for one in answers] == [(404, "account.not_found")] * 3


async def test_there_are_as_many_exceptions_as_there_may_be(
    account: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use_cases, "EXCEPTIONS_MAX", 1)
    owner, first, second = [await person(account) for _ in range(3)]
    assert (await make_exception(account, owner, first, library=True)).status == 200
    assert (await make_exception(account, owner, second, library=True)).body[
        "code"
    ] == "account.too_many_exceptions"
    assert (await make_exception(account, owner, first, library=False)).status == 200


@pytest.mark.parametrize(
    "fields", [{"profile": "all"}, {"more": 1}, {"is_findable": "yes"}, {"library": None}]
)
async def test_nonsense_is_refused(account: Running, fields: dict[str, Any]) -> None:
    answer = await change(account, await person(account), **fields)
    assert (answer.status, answer.body["code"]) == (422, "request.invalid")


async def test_an_exception_about_nothing_is_refused(account: Running) -> None:
    owner, other = await person(account), await person(account)
    assert (await make_exception(account, owner, other)).status == 422
    assert (await make_exception(account, owner, other, profile=1)).status == 422


async def test_visibility_comes_in_a_batch_and_unknown_accounts_are_left_out(account: Running) -> None:
    shown, hidden = await person(account), await person(account)
    await change(account, hidden, profile="nobody")
    owners = [shown, hidden, uuid4()]
    assert await visible(account, uuid4(), owners, "profile") == {str(shown)}
    assert await visible(account, hidden, owners, "activity") == {str(hidden)}
    with pytest.raises(InvalidInput):
        await visible(account, shown, owners, "bank")
