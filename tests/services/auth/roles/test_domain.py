"""The rules of giving and taking roles."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Level
from samovar.services.auth.roles import domain
from samovar.services.auth.roles.domain import Held, Wanted

NOW = datetime(2026, 11, 27, tzinfo=UTC)
ORGANISATION, GAME = UUID(int=1), UUID(int=2)


def developer(level: Level, *, game_id: UUID | None = None, organisation_id: UUID = ORGANISATION) -> Wanted:
    return Wanted(role="developer", organisation_id=organisation_id, level=level, game_id=game_id)


def held(*, expires_at: datetime | None = None) -> Held:
    return Held(id=uuid4(), account_id=uuid4(), role="admin", expires_at=expires_at)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(role="player"), "role"),
        (Wanted(role="emperor"), "role"),
        (Wanted(role="developer"), "organisation_id"),
        (Wanted(role="admin", organisation_id=ORGANISATION, level="owner"), "organisation_id"),
        (Wanted(role="developer", organisation_id=ORGANISATION), "level"),
        (Wanted(role="moderator", level="owner"), "level"),
        (Wanted(role="moderator", game_id=GAME), "game_id"),
        (Wanted(role="moderator", expires_at=NOW), "expires_at"),
        (Wanted(role="moderator", expires_at=datetime(2030, 1, 1)), "expires_at"),  # noqa: DTZ001  what is refused
    ],
)
def test_what_fits_no_role_names_its_field(wanted: Wanted, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        domain.refuse_impossible(wanted, NOW)
    assert [fault.field for fault in refused.value.fields] == [field]


def test_an_operator_may_leave_out_the_place() -> None:
    domain.refuse_impossible(Wanted(role="developer"), NOW, asks_place=False)
    assert domain.roles_of([Wanted(role="developer")]) == ("developer", "player")
    assert domain.claims_of([Wanted(role="developer")]) == ()


def test_tokens_name_whole_organisations_first_and_the_highest_level() -> None:
    grants = [developer("owner", game_id=GAME), developer("viewer"), developer("owner"), developer("editor")]
    assert domain.claims_of([*grants, Wanted(role="admin")]) == (
        f"owner@{ORGANISATION}",
        f"editor@{ORGANISATION}",
        f"viewer@{ORGANISATION}",
        f"owner@{ORGANISATION}/{GAME}",
    )
    assert domain.roles_of([*grants, Wanted(role="admin")]) == ("admin", "developer", "player")


def test_somebody_must_be_left_for_good() -> None:
    for_good, for_a_while = held(), held(expires_at=NOW + timedelta(days=1))
    assert domain.leaves_none([for_good], [for_good.id])
    assert domain.leaves_none([for_good, for_a_while], [for_good.id])
    assert not domain.leaves_none([for_good, held()], [for_good.id])
    assert not domain.leaves_none([for_good, for_a_while], [for_a_while.id])
    assert not domain.leaves_none([for_good], [uuid4()])
