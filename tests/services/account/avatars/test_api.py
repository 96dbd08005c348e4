"""Pictures over REST."""

import asyncio
import io
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.kit.ids import new_id
from samovar.kit.settings import Secret
from samovar.services.account.activity.journal import Journal
from samovar.services.account.avatars.pictures import Pictures
from samovar.services.account.avatars.use_cases import Avatars
from samovar.services.account.contract.events import ProfileChanged
from samovar.services.account.errors import AvatarNotFound
from samovar.services.account.profiles.arrival import Arrival
from samovar.testing.clock import FakeClock
from samovar.testing.hosting import Answer, Running
from tests.services.account.avatars.test_pictures import picture
from tests.services.account.conftest import person, registered
from tests.services.account.profiles.test_use_cases import profiles_at

MINE = "/v1/accounts/me/avatar"


async def send(account: Running, account_id: UUID, content: bytes, kind: str = "image/png") -> Answer:
    return await account.request(
        "PUT", MINE, account_id=account_id, data=io.BytesIO(content), headers={"Content-Type": kind}
    )


async def test_a_picture_is_shown_kept_for_ever_and_told(account: Running) -> None:
    account_id = await person(account)
    sent = await send(account, account_id, picture())
    assert sent.status == 200
    url = sent.body["avatar_url"]
    me = await account.request("GET", "/v1/accounts/me", account_id=account_id)
    assert me.body["avatar_url"] == url
    large = await account.request("GET", url)
    small = await account.request("GET", f"{url}?size=64")
    assert (large.status, large.headers["content-type"], small.status) == (200, "image/webp", 200)
    assert "immutable" in large.headers["cache-control"]
    assert large.headers["x-content-type-options"] == "nosniff"
    assert len(small.body) < len(large.body)
    assert large.headers["etag"] != small.headers["etag"]
    told = [one for one in await account.events(ProfileChanged) if one.account_id == account_id]
    assert [one.avatar_url for one in told][1:] == [url]
    again = await send(account, account_id, picture())
    assert again.body == sent.body
    assert len([one for one in await account.events(ProfileChanged) if one.account_id == account_id]) == 2


async def test_a_client_that_has_a_picture_is_not_sent_it_again(account: Running) -> None:
    account_id = await person(account)
    url = (await send(account, account_id, picture())).body["avatar_url"]
    first = await account.request("GET", url)
    for tag in (
        first.headers["etag"],
        f"W/{first.headers['etag']}",
        f'"other", {first.headers["etag"]}',
        "*",
    ):
        again = await account.request("GET", url, headers={"If-None-Match": tag})
        assert (again.status, again.body) == (304, b"")
        assert (again.headers["etag"], again.headers["cache-control"]) == (
            first.headers["etag"],
            first.headers["cache-control"],
        )
    for tag in ('"other"', first.headers["etag"].strip('"'), ""):
        assert (await account.request("GET", url, headers={"If-None-Match": tag})).body == first.body
    small = await account.request("GET", f"{url}?size=64", headers={"If-None-Match": first.headers["etag"]})
    assert small.status == 200
    gone = await account.request("GET", f"/v1/avatars/{'f' * 64}", headers={"If-None-Match": "*"})
    assert gone.status == 404


async def test_without_a_picture_one_is_drawn_and_comes_back_when_it_is_removed(account: Running) -> None:
    account_id = await person(account)
    drawn = (await account.request("GET", "/v1/accounts/me", account_id=account_id)).body["avatar_url"]
    assert (await account.request("GET", drawn)).status == 200
    await send(account, account_id, picture(size=(99, 99)))
    statuses = [(await account.request("DELETE", MINE, account_id=account_id)).status for _ in range(2)]
    me = await account.request("GET", "/v1/accounts/me", account_id=account_id)
    assert (statuses, me.body["avatar_url"]) == ([204, 204], drawn)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"not a picture", "image/png", 422),
        (b"", "image/png", 422),
        (picture(size=(20, 20)), "image/png", 422),
        (picture(), "text/html", 415),
        (picture(), "image/svg+xml", 415),
        (b"\x89PNG" + bytes(4 * 1_048_576), "image/png", 413),
    ],
    ids=["text", "nothing", "small", "html", "svg", "large"],
)
async def test_what_is_no_picture_is_refused(
    account: Running, content: bytes, kind: str, status: int
) -> None:
    account_id = await person(account)
    assert (await send(account, account_id, content, kind)).status == status
    me = await account.request("GET", "/v1/accounts/me", account_id=account_id)
    assert me.body["avatar_url"].startswith("/v1/avatars/d")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("f" * 64, 404),
        ("d" + "0" * 16, 200),
        ("d" + "0" * 16 + "?size=64", 200),
        ("d" + "0" * 16 + "?size=65", 422),
        ("d" + "0" * 15, 422),
        ("..%2f..%2fetc", 404),
        ("F" * 64, 422),
    ],
)
async def test_an_address_leads_to_a_picture_or_nowhere(account: Running, path: str, status: int) -> None:
    assert (await account.request("GET", f"/v1/avatars/{path}")).status == status


async def test_two_people_may_show_the_same_picture_at_once(account: Running) -> None:
    people = [await person(account) for _ in range(4)]
    answers = await asyncio.gather(*(send(account, one, picture(size=(128, 70))) for one in people))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body["avatar_url"] for answer in answers}) == 1


async def test_a_stranger_shows_nothing(account: Running) -> None:
    assert (await account.request("PUT", MINE, data=picture())).status == 401


async def test_a_picture_that_nobody_shows_is_deleted_and_one_that_somebody_shows_stays(
    own_database: Database, clock: FakeClock
) -> None:
    avatars = Avatars(
        own_database,
        arrival=Arrival(own_database, clock=clock, timeout_ms=0),
        pictures=Pictures(),
        journal=Journal(clock=clock, new_id=new_id),
        clock=clock,
    )
    profiles, callers = profiles_at(own_database, clock), []
    for _ in range(2):
        event = registered()
        callers.append(_caller(event.account_id, clock))
        async with own_database.transaction() as tx:
            await profiles.begin(tx, event)
    shared = await avatars.choose(callers[0], picture())
    await avatars.choose(callers[1], picture())
    alone = await avatars.choose(callers[0], picture(size=(64, 64), mode="L"))
    await avatars.remove(callers[0])
    assert await avatars.forget_unused() == 0
    clock.advance(timedelta(hours=2).total_seconds())
    assert await avatars.forget_unused() == 1
    assert await avatars.find(shared.avatar_url.rpartition("/")[2], 256)
    with pytest.raises(AvatarNotFound):
        await avatars.find(alone.avatar_url.rpartition("/")[2], 256)


def _caller(account_id: UUID, clock: FakeClock) -> Caller:
    return Caller(
        account_id=account_id,
        session_id=uuid4(),
        roles=("player",),
        auth_time=clock.now(),
        expires_at=clock.now(),
        token=Secret("x"),
    )
