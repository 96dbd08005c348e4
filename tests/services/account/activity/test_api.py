"""The activity history over REST, and what goes into it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from samovar.kit.database import Database
from samovar.kit.events import Event
from samovar.kit.ids import new_id
from samovar.services.account.activity.journal import Journal
from samovar.services.account.activity.use_cases import Activity
from samovar.services.auth.contract.events import (
    AccountHeld,
    CredentialChanged,
    RolesChanged,
    SessionRevoked,
    SessionStarted,
)
from samovar.testing.clock import FakeClock
from samovar.testing.hosting import Running
from tests.services.account.conftest import person

ACTIVITY = "/v1/accounts/me/activity"


async def kinds(account: Running, account_id: UUID) -> list[str]:
    history = await account.request("GET", ACTIVITY, account_id=account_id)
    return [action["kind"] for action in history.body["items"]]


async def test_changes_are_noted_with_their_fields_and_without_what_was_written(account: Running) -> None:
    account_id = await person(account)
    for path, fields in (
        ("/v1/accounts/me", {"bio": "тайна", "birth_date": "1990-01-02"}),
        ("/v1/accounts/me/settings", {"theme": "dark"}),
        ("/v1/accounts/me/privacy", {"library": "nobody"}),
    ):
        answer = await account.request("PATCH", path, account_id=account_id, json=fields)
        assert answer.status == 200
    history = await account.request("GET", ACTIVITY, account_id=account_id)
    noted = [(action["kind"], action["params"]["fields"]) for action in history.body["items"]]
    assert noted == [
        ("privacy_changed", ["library"]),
        ("settings_changed", ["theme"]),
        ("profile_changed", ["bio", "birth_date"]),
    ]
    assert all(UUID(action["session_id"]) for action in history.body["items"])
    assert "тайна" not in str(history.body)
    assert "1990" not in str(history.body)


def told_by_auth(account_id: UUID, now: datetime) -> list[Event]:
    """Return what auth may tell of an account, a second apart."""
    session_id = uuid4()
    return [
        SessionStarted(
            account_id=account_id,
            session_id=session_id,
            amr=("pwd",),
            is_known_device=False,
            device_name="Firefox, Linux",
            address="2001:db8::1",
            started_at=now,
        ),
        SessionRevoked(
            account_id=account_id,
            session_id=session_id,
            reason="logout",
            revoked_at=now + timedelta(seconds=1),
        ),
        RolesChanged(
            account_id=account_id,
            roles=("developer", "player"),
            reason="a secret of the operators",
            changed_at=now + timedelta(seconds=2),
            tokens_not_before=now,
        ),
        CredentialChanged(
            account_id=account_id,
            credential="passkey",
            action="added",
            name="Ключ",
            session_id=session_id,
            changed_at=now + timedelta(seconds=3),
        ),
        AccountHeld(
            account_id=account_id,
            reason="not_me",
            held_at=now + timedelta(seconds=4),
            held_until=now + timedelta(days=7),
        ),
    ]


async def test_what_auth_tells_is_noted_once(account: Running) -> None:
    account_id = await person(account)
    events = told_by_auth(account_id, datetime.now(UTC))
    for event in events:
        event_id = uuid4()
        for _ in range(2):
            await account.announce(event, event_id=event_id)
    await account.until("SELECT count(*) >= 5 FROM actions WHERE account_id = $1", account_id)
    history = await account.request("GET", ACTIVITY, account_id=account_id)
    assert [(action["kind"], action["params"]) for action in history.body["items"][:4]] == [
        ("account_held", {"reason": "not_me", "held_until": events[4].held_until.isoformat()}),  # type: ignore[attr-defined]
        ("credential_changed", {"credential": "passkey", "action": "added", "name": "Ключ"}),
        ("roles_changed", {"roles": ["developer", "player"]}),
        ("session_revoked", {"reason": "logout"}),
    ]
    assert [action["params"] for action in history.body["items"][4:]] == [
        {
            "amr": ["pwd"],
            "is_known_device": False,
            "device_name": "Firefox, Linux",
            "address": "2001:db8::1",
        }
    ]
    assert "secret" not in str(history.body)


async def test_pages_follow_one_another_newest_first(account: Running) -> None:
    account_id = await person(account)
    for number in range(5):
        await account.request("PATCH", "/v1/accounts/me", account_id=account_id, json={"bio": str(number)})
    seen: list[str] = []
    cursor = ""
    while True:
        page = await account.request("GET", f"{ACTIVITY}?limit=2{cursor}", account_id=account_id)
        seen += [action["id"] for action in page.body["items"]]
        if page.body["next_cursor"] is None:
            break
        cursor = f"&cursor={page.body['next_cursor']}"
    assert (len(seen), seen) == (5, sorted(seen, reverse=True))


async def test_nobody_sees_anothers_history(account: Running) -> None:
    account_id = await person(account)
    await account.request("PATCH", "/v1/accounts/me", account_id=account_id, json={"bio": "x"})
    assert await kinds(account, account_id) == ["profile_changed"]
    assert await kinds(account, uuid4()) == []
    assert (await account.request("GET", ACTIVITY)).status == 401
    assert (await account.request("GET", f"{ACTIVITY}?cursor=nonsense", account_id=account_id)).status == 422


async def test_what_is_older_than_is_kept_is_deleted(own_database: Database, clock: FakeClock) -> None:
    journal = Journal(clock=clock, new_id=new_id)
    activity = Activity(own_database, clock=clock, kept_days=180)
    account_id = uuid4()
    async with own_database.transaction() as tx:
        await journal.note(tx, account_id, "profile_changed")
    clock.advance(timedelta(days=179).total_seconds())
    async with own_database.transaction() as tx:
        await journal.note(tx, account_id, "privacy_changed")
    assert await activity.forget_old() == 0
    clock.advance(timedelta(days=2).total_seconds())
    assert await activity.forget_old() == 1
    kept = await activity.page(account_id, limit=10, cursor=None)
    assert [action.kind for action in kept.items] == ["privacy_changed"]
