"""What account takes from a registration."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from samovar.testing.hosting import Running
from samovar.testing.messages import Messages
from tests.services.account.conftest import registered


async def test_a_redelivered_registration_writes_once(account: Running, messages: Messages) -> None:
    event, event_id = registered(email=f"{uuid4().hex}@example.org"), uuid4()
    for _ in range(2):
        await account.announce(event, event_id=event_id)
    assert event.email
    await messages.last(to=event.email)
    await account.announce(event)
    await account.until(
        "SELECT count(*) > 1 FROM kit.inbox WHERE consumer = 'begin_contacts' AND applied_at >= $1",
        event.registered_at - timedelta(minutes=1),
    )
    assert len(await messages.all(to=event.email)) == 1


async def test_a_replay_of_old_registrations_writes_to_nobody(account: Running, messages: Messages) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=20)
    event = registered(email=f"{uuid4().hex}@example.org", registered_at=long_ago)
    await account.announce(event)
    await account.until("SELECT true FROM contacts WHERE account_id = $1", event.account_id)
    assert event.email
    assert await messages.all(to=event.email) == []
