"""The inbox over REST, as a client sees it, with events as NATS brings them."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from samovar.kit.ids import new_id
from samovar.testing.hosting import WAIT_S, Answer, Running
from tests.services.notification.happenings import order_paid

INBOX = "/v1/notifications"
COUNT = f"{INBOX}/unread-count"
READ = f"{INBOX}/read"


async def tell(notification: Running, account_id: UUID, count: int) -> list[str]:
    """Let somebody be told so many things more; return the ids of all, the latest first."""
    known = await notification.database.fetch_value(
        "SELECT count(*) FROM notifications WHERE account_id = $1", account_id
    )
    at = datetime.now(UTC)
    for _ in range(count):
        await notification.announce(order_paid(account_id, at=at))
    await notification.until(
        "SELECT count(*) = $2 FROM notifications WHERE account_id = $1", account_id, known + count
    )
    answer = await notification.request("GET", INBOX, account_id=account_id, params={"limit": 100})
    return [one["id"] for one in answer.body["items"]]


async def count(notification: Running, account_id: UUID, etag: str | None = None, wait_s: int = 0) -> Answer:
    """Ask how many are unread."""
    return await notification.request(
        "GET",
        COUNT,
        account_id=account_id,
        params={"wait_s": wait_s},
        headers={"If-None-Match": etag} if etag else {},
    )


async def unread(notification: Running, account_id: UUID) -> Any:
    """Return how many are unread, once every process knows."""
    return (await count(notification, account_id)).body["unread"]


async def test_an_event_reaches_the_inbox_once_however_often_it_comes(notification: Running) -> None:
    me, event_id = uuid4(), new_id()
    paid, last = (order_paid(me, at=datetime.now(UTC)) for _ in range(2))
    for _ in range(3):
        await notification.announce(paid, event_id=event_id)
    # The same under another id, as after a replay that nobody remembers.
    await notification.announce(paid)
    await notification.announce(last)
    await notification.until(
        "SELECT true FROM notifications WHERE account_id = $1 AND cause = $2", me, last.order_id
    )
    answer = await notification.request("GET", INBOX, account_id=me)
    assert [one["link"] for one in answer.body["items"]] == [
        f"/orders/{last.order_id}",
        f"/orders/{paid.order_id}",
    ]


async def test_pages_go_from_the_latest_to_the_first_in_the_language_asked_for(notification: Running) -> None:
    me = uuid4()
    ids = await tell(notification, me, 5)
    seen: list[Any] = []
    cursor = None
    while cursor or not seen:
        answer = await notification.request(
            "GET",
            INBOX,
            account_id=me,
            params={"limit": 2} | ({"cursor": cursor} if cursor else {}),
            headers={"Accept-Language": "en"},
        )
        seen += answer.body["items"]
        cursor = answer.body["next_cursor"]
    assert [one["id"] for one in seen] == ids == sorted(ids, reverse=True)
    assert {one["title"] for one in seen} == {"Order paid"}


async def test_what_was_read_is_counted_and_listed_no_more(notification: Running) -> None:
    me, other = uuid4(), uuid4()
    ids = await tell(notification, me, 4)
    theirs = await tell(notification, other, 1)
    assert await unread(notification, me) == 4
    answer = await notification.request(
        "POST", READ, account_id=me, json={"ids": [ids[1], theirs[0], str(uuid4())]}
    )
    assert (answer.status, answer.body) == (200, {"unread": 3, "latest_id": ids[0]})
    answer = await notification.request("POST", READ, account_id=me, json={"up_to": ids[2]})
    assert answer.body["unread"] == 1
    listed = await notification.request("GET", INBOX, account_id=me, params={"unread": "true"})
    assert [one["id"] for one in listed.body["items"]] == [ids[0]]
    assert await unread(notification, other) == 1


async def test_nobody_reads_without_a_token(notification: Running) -> None:
    for method, path in (("GET", INBOX), ("GET", COUNT), ("POST", READ), ("GET", f"{INBOX}/preferences")):
        assert (await notification.request(method, path)).status == 401


async def test_nonsense_is_named_and_changes_nothing(notification: Running) -> None:
    me = uuid4()
    ids = await tell(notification, me, 1)
    for body, field in (
        ({}, "ids"),
        ({"ids": ids, "up_to": ids[0]}, "ids"),
        ({"ids": []}, "ids"),
        ({"ids": ["x"]}, "ids[0]"),
        ({"ids": [ids[0]] * 101}, "ids"),
        ({"up_to": 7}, "up_to"),
        ({"upto": ids[0]}, "upto"),
    ):
        answer = await notification.request("POST", READ, account_id=me, json=body)
        assert (answer.status, answer.body["errors"][0]["field"]) == (422, field), body
    for path in (f"{INBOX}?cursor=x", f"{INBOX}?limit=0", f"{INBOX}?unread=maybe", f"{COUNT}?wait_s=9"):
        assert (await notification.request("GET", path, account_id=me)).status == 422, path
    assert await unread(notification, me) == 1


async def test_a_client_that_knows_the_count_is_told_so(notification: Running) -> None:
    me = uuid4()
    await tell(notification, me, 1)
    first = await count(notification, me)
    again = await count(notification, me, first.headers["etag"])
    assert (first.status, again.status, again.body) == (200, 304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def news(notification: Running, account_id: UUID, etag: str) -> Answer:
    """Wait for another count than the one that is known, again and again, as a client does."""
    async with asyncio.timeout(WAIT_S * 3):
        while (answer := await count(notification, account_id, etag, wait_s=8)).status == 304:
            pass
    return answer


async def test_a_client_that_waits_is_answered_when_something_comes(notification: Running) -> None:
    me = uuid4()
    await tell(notification, me, 1)
    known = await count(notification, me)
    waiting = asyncio.create_task(news(notification, me, known.headers["etag"]))
    await tell(notification, me, 1)
    assert (await waiting).body["unread"] == 2


async def test_a_client_that_waits_hears_that_another_device_has_read(notification: Running) -> None:
    me = uuid4()
    ids = await tell(notification, me, 1)
    known = await count(notification, me)
    waiting = asyncio.create_task(news(notification, me, known.headers["etag"]))
    await notification.request("POST", READ, account_id=me, json={"up_to": ids[0]})
    assert (await waiting).body["unread"] == 0


async def test_who_waits_in_vain_is_told_that_nothing_came(notification: Running) -> None:
    me = uuid4()
    known = await count(notification, me)
    assert known.body == {"unread": 0, "latest_id": None}
    assert (await count(notification, me, known.headers["etag"], wait_s=1)).status == 304
