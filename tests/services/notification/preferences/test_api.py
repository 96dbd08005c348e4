"""Preferences over REST."""

from datetime import UTC, datetime
from uuid import uuid4

from samovar.services.auth.contract.events import CredentialChanged
from samovar.testing.hosting import Running
from tests.services.notification.happenings import friend_requested, order_paid

PREFERENCES = "/v1/notifications/preferences"


async def test_everything_is_told_until_somebody_mutes_it(notification: Running) -> None:
    me = uuid4()
    shown = await notification.request("GET", PREFERENCES, account_id=me)
    assert all(one["inbox"] for one in shown.body["categories"])
    assert [one["category"] for one in shown.body["categories"] if one["is_fixed"]] == ["security"]
    answer = await notification.request(
        "PUT", PREFERENCES, account_id=me, json={"categories": [{"category": "orders", "inbox": False}]}
    )
    assert [one["category"] for one in answer.body["categories"] if not one["inbox"]] == ["orders"]
    now = datetime.now(UTC)
    await notification.announce(order_paid(me, at=now))
    changed = CredentialChanged(account_id=me, credential="password", action="changed", changed_at=now)
    await notification.announce(changed)
    await notification.until("SELECT true FROM notifications WHERE account_id = $1", me)
    await notification.until("SELECT count(*) > 0 FROM kit.inbox WHERE consumer = 'tell_order_paid'")
    kinds = await notification.database.fetch_value(
        "SELECT array_agg(kind) FROM notifications WHERE account_id = $1", me
    )
    assert kinds == ["credential_changed"]
    assert (await notification.request("GET", PREFERENCES, account_id=me)).body == answer.body


async def test_a_change_to_what_one_has_not_seen_is_refused(notification: Running) -> None:
    me = uuid4()
    seen = await notification.request("GET", PREFERENCES, account_id=me)
    mute = {"categories": [{"category": "friends", "inbox": False}]}
    first = await notification.request(
        "PUT", PREFERENCES, account_id=me, json=mute, headers={"If-Match": seen.headers["etag"]}
    )
    second = await notification.request(
        "PUT",
        PREFERENCES,
        account_id=me,
        json={"categories": []},
        headers={"If-Match": seen.headers["etag"]},
    )
    assert (first.status, second.status) == (200, 412)
    assert (await notification.request("GET", PREFERENCES, account_id=me)).body == first.body


async def test_nonsense_is_named_and_changes_nothing(notification: Running) -> None:
    me = uuid4()
    for categories, field in (
        ([{"category": "security", "inbox": False}], "categories[0].inbox"),
        ([{"category": "orders", "inbox": True}] * 2, "categories[0].category"),
        ([{"category": "spam", "inbox": True}], "categories[0].category"),
        ([{"category": "orders"}], "categories[0].inbox"),
        ([{"category": "orders", "inbox": True}] * 9, "categories"),
        ("orders", "categories"),
    ):
        answer = await notification.request(
            "PUT", PREFERENCES, account_id=me, json={"categories": categories}
        )
        assert (answer.status, answer.body["errors"][0]["field"]) == (422, field), categories
    shown = await notification.request("GET", PREFERENCES, account_id=me)
    assert all(one["inbox"] for one in shown.body["categories"])
    assert friend_requested(me, uuid4()).sender_id == me
