"""Who looks is what account has told of them, and for strangers what the installation says."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.settings import Secret
from samovar.services.account.contract.events import AgeLevelChanged, SettingsChanged
from samovar.services.catalog.domain import EVERYWHERE, Availability, Viewer
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.viewers.audience import Audience
from samovar.testing.hosting import Running

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def _caller(account_id: UUID) -> Caller:
    return Caller(
        account_id=account_id,
        session_id=uuid4(),
        roles=("player",),
        auth_time=NOW,
        expires_at=NOW,
        token=Secret("none"),
    )


def _audience(database: Database) -> Audience:
    return Audience(database, default_country="RU", unknown_age_level=16)


def _settings(account_id: UUID, country: str | None, version: int) -> SettingsChanged:
    return SettingsChanged(
        account_id=account_id,
        language="ru",
        country=country,
        time_zone="Europe/Moscow",
        version=version,
        changed_at=NOW,
    )


async def test_a_stranger_is_of_the_settings_country_and_age(own_database: Database) -> None:
    viewer = await _audience(own_database).of(None, language="en")
    assert viewer == Viewer(country="RU", age_level=16, language="en")


async def test_somebody_of_whom_nothing_is_known_is_as_a_stranger(own_database: Database) -> None:
    account_id = uuid4()
    viewer = await _audience(own_database).of(_caller(account_id), country="KZ")
    assert viewer == Viewer(account_id=account_id, country="KZ", age_level=16, language="ru")


async def test_a_country_that_does_not_exist_is_refused(own_database: Database) -> None:
    with pytest.raises(InvalidInput) as refused:
        await _audience(own_database).of(None, country="XX")
    assert [fault.field for fault in refused.value.fields] == ["country"]


async def test_account_tells_and_the_latest_word_counts(catalog: Running) -> None:
    account_id = uuid4()
    for level, minutes in ((16, 2), (18, 3), (6, 1)):
        told = AgeLevelChanged(
            account_id=account_id, level=level, source="self", changed_at=NOW + timedelta(minutes=minutes)
        )
        await catalog.announce(told)
    for country, version in (("KZ", 3), ("BY", 2)):
        await catalog.announce(_settings(account_id, country, version))
    marker = uuid4()
    await catalog.announce(_settings(marker, "RU", 1))
    await catalog.announce(AgeLevelChanged(account_id=marker, level=6, source="self", changed_at=NOW))
    await catalog.until("SELECT age_level = 6 AND country = 'RU' FROM viewers WHERE account_id = $1", marker)

    viewer = await _audience(catalog.database).of(_caller(account_id))
    assert (viewer.age_level, viewer.country) == (18, "KZ")


def test_what_is_not_shown_in_a_country_is_not_there_and_what_is_too_old_is_restricted() -> None:
    viewer = Viewer(country="RU", age_level=12)
    elsewhere = Availability(only_in=["KZ"])
    assert viewer.may_see(12, EVERYWHERE)
    assert not viewer.may_see(16, EVERYWHERE)
    assert not viewer.may_see(12, elsewhere)
    with pytest.raises(AgeRestricted):
        viewer.check(16, EVERYWHERE)
    with pytest.raises(AppNotFound):
        viewer.check(16, elsewhere)
