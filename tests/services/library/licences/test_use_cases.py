"""Licences: granted once, revoked for good, over when their time is."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.kit.events import Event
from samovar.kit.ids import new_id
from samovar.kit.pagination import Page
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.services.library.errors import LicenceNotFound, SourceConflict
from samovar.services.library.licences.domain import Wanted
from samovar.services.library.licences.use_cases import Licences
from samovar.services.library.shelf.schemas import ShelfGame, ShelfQuery
from samovar.services.library.shelf.use_cases import Shelf
from tests.services.library.licences.grants import wanted

E = TypeVar("E", bound=Event)

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


class _Clock:
    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def licences(own_database: Database, clock: _Clock) -> Licences:
    return Licences(own_database, clock=clock, new_id=new_id)


@pytest.fixture
def shelf(own_database: Database, clock: _Clock) -> Shelf:
    return Shelf(own_database, clock=clock)


async def _games(shelf: Shelf, account_id: UUID) -> Page[ShelfGame]:
    return await shelf.games(account_id, ShelfQuery(), language="ru", cursor=None, limit=10)


async def _events(database: Database, kind: type[E]) -> list[E]:
    rows = await database.fetch(
        "SELECT payload::text AS payload FROM kit.outbox WHERE subject = $1 ORDER BY seq",
        kind.subject,
        into=_Row,
    )
    return [msgspec.json.decode(row.payload, type=kind) for row in rows]


class _Row(msgspec.Struct):
    payload: str


async def _owned(licences: Licences, account_id: UUID, *app_ids: UUID) -> set[UUID]:
    held = await licences.check(account_id, app_ids)
    return {app_id for app_id in held if held[app_id].since}


async def test_twenty_grants_at_once_under_one_name_make_one_licence(
    licences: Licences, own_database: Database
) -> None:
    grant = wanted(app_ids=(new_id(), new_id()))
    answers = await asyncio.gather(*(licences.grant(grant) for _ in range(20)))
    assert {licence.id for licence, _ in answers} == {answers[0][0].id}
    assert sum(is_new for _, is_new in answers) == 1
    (event,) = await _events(own_database, LicenceGranted)
    assert (event.licence_id, event.app_ids, event.version) == (answers[0][0].id, grant.app_ids, 1)
    assert await _owned(licences, grant.account_id, *grant.app_ids) == set(grant.app_ids)


async def test_a_replay_after_the_refund_does_not_bring_the_licence_back(
    licences: Licences, own_database: Database
) -> None:
    grant = wanted()
    given, _ = await licences.grant(grant)
    for _ in range(2):
        ended = await licences.revoke_granted(grant.source, grant.source_id, reason="refunded")
        assert (ended.id, ended.revoke_reason) == (given.id, "refunded")
    again, is_new = await licences.grant(grant)
    assert (again.id, again.revoked_at, is_new) == (given.id, NOON, False)
    assert await _owned(licences, grant.account_id, *grant.app_ids) == set()
    assert len(await _events(own_database, LicenceGranted)) == 1
    (event,) = await _events(own_database, LicenceRevoked)
    assert (event.licence_id, event.reason, event.version) == (given.id, "refunded", 2)


@pytest.mark.parametrize(
    "other",
    [
        {"account_id": uuid4()},
        {"package_id": uuid4()},
        {"app_ids": (uuid4(),)},
        {"kind": "gift"},
        {"expires_at": NOON + timedelta(days=1)},
    ],
)
async def test_another_licence_under_the_same_name_is_refused(
    licences: Licences, other: dict[str, object]
) -> None:
    grant = wanted()
    await licences.grant(grant)
    with pytest.raises(SourceConflict):
        await licences.grant(wanted(**_fields(grant) | other))


def _fields(grant: Wanted) -> dict[str, object]:
    return {name: getattr(grant, name) for name in grant.__struct_fields__}


async def test_two_licences_for_one_app_are_two_rights(
    licences: Licences, shelf: Shelf, clock: _Clock
) -> None:
    bought = wanted()
    first, _ = await licences.grant(bought)
    clock.at += timedelta(hours=1)
    await licences.grant(wanted(account_id=bought.account_id, app_ids=bought.app_ids, kind="gift"))
    (app_id,) = bought.app_ids
    shown = await shelf.game(bought.account_id, app_id)
    assert (shown.since, shown.kinds, len(shown.licences)) == (NOON, ["gift", "purchase"], 2)
    await licences.revoke(first.id, reason="refunded")
    assert (await licences.check(bought.account_id, [app_id]))[app_id].since == clock.at
    assert (await shelf.game(bought.account_id, app_id)).kinds == ["gift"]


async def test_a_trial_opens_nothing_from_its_end_on(
    licences: Licences, shelf: Shelf, own_database: Database, clock: _Clock
) -> None:
    trial = wanted(kind="trial", expires_at=NOON + timedelta(hours=2))
    await licences.grant(trial)
    clock.at = NOON + timedelta(hours=2) - timedelta(microseconds=1)
    await licences.expire()
    assert await _owned(licences, trial.account_id, *trial.app_ids) == set(trial.app_ids)
    clock.at = NOON + timedelta(hours=2)
    # The time alone decides; the job only tells.
    assert await _owned(licences, trial.account_id, *trial.app_ids) == set()
    assert (await _games(shelf, trial.account_id)).items == []
    assert (await shelf.game(trial.account_id, trial.app_ids[0])).access == "expired"
    await asyncio.gather(licences.expire(), licences.expire())
    (event,) = await _events(own_database, LicenceRevoked)
    assert (event.app_ids, event.reason) == (trial.app_ids, "expired")
    again, is_new = await licences.grant(trial)
    assert (again.revoke_reason, is_new) == ("expired", False)


async def test_an_owned_app_ends_with_the_last_of_its_licences(licences: Licences, shelf: Shelf) -> None:
    trial = wanted(kind="trial", expires_at=NOON + timedelta(hours=2))
    await licences.grant(trial)
    more = {"account_id": trial.account_id, "app_ids": trial.app_ids}
    await licences.grant(wanted(**more, kind="trial", expires_at=NOON + timedelta(hours=5)))
    page = await _games(shelf, trial.account_id)
    assert page.items[0].expires_at == NOON + timedelta(hours=5)
    await licences.grant(wanted(**more))
    page = await _games(shelf, trial.account_id)
    assert page.items[0].expires_at is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"app_ids": ()}, "app_ids"),
        ({"app_ids": tuple(uuid4() for _ in range(501))}, "app_ids"),
        ({"source": "Order 1"}, "source"),
        ({"source_id": ""}, "source_id"),
        ({"source_id": "x" * 129}, "source_id"),
        ({"source_id": "a\0b"}, "source_id"),
        ({"expires_at": NOON}, "expires_at"),
    ],
)
async def test_nonsense_is_refused_and_keeps_nothing(
    licences: Licences, own_database: Database, said: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await licences.grant(wanted(**said))
    assert [fault.field for fault in refused.value.fields] == [field]
    assert await own_database.fetch_value("SELECT count(*) FROM licences") == 0


async def test_what_was_never_granted_cannot_be_revoked(licences: Licences) -> None:
    with pytest.raises(LicenceNotFound):
        await licences.revoke(uuid4(), reason="refunded")
    with pytest.raises(LicenceNotFound):
        await licences.revoke_granted("order", "no-such", reason="refunded")
    given, _ = await licences.grant(wanted())
    with pytest.raises(InvalidInput):
        await licences.revoke(given.id, reason="Because!")
    assert await licences.list_licences(given.account_id, None, 10) == [given]


async def test_revoking_at_once_tells_it_once(licences: Licences, own_database: Database) -> None:
    given, _ = await licences.grant(wanted())
    ended = await asyncio.gather(*(licences.revoke(given.id, reason="refunded") for _ in range(10)))
    assert {licence.revoked_at for licence in ended} == {NOON}
    assert len(await _events(own_database, LicenceRevoked)) == 1
