"""Profiles come from auth's events."""

from datetime import date
from uuid import uuid4

from samovar.services.account.contract.events import AgeLevelChanged, ProfileChanged
from samovar.testing.hosting import Running
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
