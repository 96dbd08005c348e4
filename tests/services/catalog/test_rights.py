"""Who may act for what: the people of an organisation, as far as their levels go, and staff."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.identity import Caller, Level, RoleGrant
from samovar.kit.settings import Secret
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.rights import Rights
from tests.services.catalog.packages.shelf import put_app

EDIT = "catalog.thing.edit"
ROLES = {EDIT: ("developer", "moderator")}
OURS, THEIRS, GAME = uuid4(), uuid4(), uuid4()


def caller(*roles: str, grants: tuple[RoleGrant, ...] = ()) -> Caller:
    now = datetime.now(UTC)
    return Caller(
        account_id=uuid4(),
        session_id=uuid4(),
        roles=("player", *roles),
        grants=grants,
        auth_time=now,
        expires_at=now,
        token=Secret("signed"),
    )


def developer(level: Level, organisation_id: UUID, game_id: UUID | None = None) -> Caller:
    return caller("developer", grants=(RoleGrant(level, organisation_id, game_id),))


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (caller("moderator"), True),
        (caller("moderator", "developer"), True),
        (developer("owner", OURS), True),
        (developer("editor", OURS), True),
        (developer("editor", OURS, GAME), True),
        (developer("finance", OURS), True),
        (developer("viewer", OURS), False),
        (developer("owner", OURS, uuid4()), False),
        (developer("owner", THEIRS), False),
        (caller("developer"), False),
        (caller("finance"), False),
        (caller(), False),
    ],
)
def test_levels_hold_where_they_were_given_and_staff_everywhere(who: Caller, *, may: bool) -> None:
    rights = Rights(ROLES, EDIT)
    assert rights.allow(who, "editor", "finance", organisation_id=OURS, app_id=GAME) is may


def test_what_belongs_to_nobody_is_looked_after_by_staff() -> None:
    rights = Rights(ROLES, EDIT)
    assert rights.allow(caller("moderator", "developer"), "editor", organisation_id=None)
    assert not rights.allow(developer("owner", OURS), "viewer", organisation_id=None)
    assert not rights.is_staff(developer("owner", OURS))


async def test_a_level_for_a_game_reaches_what_belongs_to_it_where_the_room_says_so(
    own_database: Database,
) -> None:
    game = await put_app(own_database, organisation_id=OURS)
    dlc = await put_app(own_database, organisation_id=OURS)
    async with own_database.transaction() as tx:
        await tx.execute("UPDATE apps SET kind = 'dlc', base_app_id = $2 WHERE id = $1", dlc, game)
    who = developer("editor", OURS, game)
    reaching, alone = Rights(ROLES, EDIT, reaches_belonging=True), Rights(ROLES, EDIT)
    assert (await reaching.require(own_database, who, dlc, "editor")).organisation_id == OURS
    for refused in (
        alone.require(own_database, who, dlc, "editor"),
        reaching.require(own_database, who, dlc, "owner"),
        reaching.require(own_database, caller("moderator"), uuid4(), "editor"),
    ):
        with pytest.raises(AppNotFound):
            await refused
