"""Friends and blocks decide who sees what, and who is found first."""

from uuid import UUID, uuid4

from samovar.testing.hosting import Running
from tests.services.account.conftest import person
from tests.services.account.friends.test_api import befriend
from tests.services.account.people.test_api import find, named
from tests.services.account.privacy.test_api import change, make_exception, visible


async def hidden(account: Running, viewer: UUID, owner: UUID) -> list[str] | None:
    """Return the sections that the viewer does not see, none where the owner is not there for them."""
    shown = await account.request("GET", f"/v1/accounts/{owner}", account_id=viewer)
    return list(shown.body["hidden"]) if shown.status == 200 else None


async def test_a_friend_sees_what_is_for_friends_until_the_friendship_ends(account: Running) -> None:
    owner, friend, stranger = [await person(account) for _ in range(3)]
    await befriend(account, owner, friend)
    await change(account, owner, profile="friends", activity="nobody")
    assert await hidden(account, friend, owner) == ["activity"]
    assert await hidden(account, stranger, owner) == ["profile", "library", "friends", "activity"]
    assert await visible(account, friend, [owner, stranger], "library") == {str(owner)}
    await account.request("DELETE", f"/v1/friends/{friend}", account_id=owner)
    assert await visible(account, friend, [owner], "library") == set()


async def test_an_exception_closes_a_section_for_a_friend(account: Running) -> None:
    owner, friend, other = [await person(account) for _ in range(3)]
    for one in (friend, other):
        await befriend(account, owner, one)
    await make_exception(account, owner, friend, library=False)
    assert await hidden(account, friend, owner) == ["library"]
    assert await hidden(account, other, owner) == []


async def test_a_block_hides_each_from_the_other_whatever_else_is_said(account: Running) -> None:
    blocker = UUID(await named(account, "Блокирующий Кто-то"))
    blocked = UUID(await named(account, "Заблокированный Кто-то"))
    await befriend(account, blocker, blocked)
    await make_exception(account, blocker, blocked, profile=True, library=True)
    await account.request("PUT", f"/v1/blocks/{blocked}", account_id=blocker)
    absent = await account.request("GET", f"/v1/accounts/{uuid4()}", account_id=blocked)
    for viewer, owner in ((blocked, blocker), (blocker, blocked)):
        shown = await account.request("GET", f"/v1/accounts/{owner}", account_id=viewer)
        assert (shown.status, shown.body["code"]) == (404, absent.body["code"])
        assert await visible(account, viewer, [owner], "profile") == set()
        assert str(owner) not in await find(account, "кто-то", viewer)
    assert str(blocker) in await find(account, "блокирующий")
    await account.request("DELETE", f"/v1/blocks/{blocked}", account_id=blocker)
    assert await hidden(account, blocked, blocker) is not None


async def test_friends_are_found_before_strangers_whose_names_match_better(account: Running) -> None:
    viewer = await person(account)
    strangers = [await named(account, "Тёзка") for _ in range(3)]
    friend = await named(account, "Тёзка Дальний")
    await befriend(account, viewer, UUID(friend))
    found = await account.request("GET", "/v1/accounts?query=тезка", account_id=viewer)
    assert [one["is_friend"] for one in found.body["items"]] == [True, False, False, False]
    assert found.body["items"][0]["account_id"] == friend
    assert {one["account_id"] for one in found.body["items"][1:]} == set(strangers)
