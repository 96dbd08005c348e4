"""What account begins to keep of somebody who registers."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from samovar.services.account.contract.events import AgeLevelChanged, ProfileChanged
from samovar.testing.hosting import Running
from samovar.testing.messages import Messages
from tests.services.account.conftest import person, registered


async def test_an_account_is_made_once_however_often_it_is_announced(account: Running) -> None:
    event = registered(display_name="Дважды")
    event_id = uuid4()
    for _ in range(2):
        await account.announce(event, event_id=event_id)
    await account.announce(event)
    await person(account)
    told = [one for one in await account.events(ProfileChanged) if one.account_id == event.account_id]
    assert [(one.display_name, one.version) for one in told] == [("Дважды", 1)]
    assert await account.database.fetch_value("SELECT count(*) FROM kit.dead_letters") == 0


async def test_the_others_learn_the_age_level_of_a_known_birth_date_alone(account: Running) -> None:
    grown, unknown = await person(account, birth_date=date(1990, 5, 1)), await person(account)
    told = {one.account_id: (one.level, one.source) for one in await account.events(AgeLevelChanged)}
    assert (told[grown], unknown in told) == ((18, "self"), False)


async def test_a_redelivered_registration_writes_once(account: Running, messages: Messages) -> None:
    event, event_id = registered(email=f"{uuid4().hex}@example.org"), uuid4()
    for _ in range(2):
        await account.announce(event, event_id=event_id)
    assert event.email
    await messages.last(to=event.email)
    await account.announce(event)
    await account.until(
        "SELECT count(*) > 1 FROM kit.inbox WHERE consumer = 'begin_account' AND applied_at >= $1",
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
