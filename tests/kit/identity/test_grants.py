"""Where the role of a developer holds, and what a level contains."""

from uuid import UUID

import pytest

from samovar.kit.identity import LEVELS, Level, Permissions, RoleGrant, levels_in
from tests.kit.identity.test_permissions import caller_with

ORGANISATION, OTHER = UUID(int=1), UUID(int=2)
GAME, ANOTHER = UUID(int=3), UUID(int=4)
PERMISSIONS = Permissions(
    {"catalog.game.edit": ("developer", "moderator"), "payment.payout.ask": ("developer", "!support")}
)


@pytest.mark.parametrize("game_id", [None, GAME])
@pytest.mark.parametrize("level", LEVELS)
def test_a_grant_is_read_as_it_is_written(level: Level, game_id: UUID | None) -> None:
    grant = RoleGrant(level, ORGANISATION, game_id)
    assert RoleGrant.parse(str(grant)) == grant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "owner",
        f"emperor@{ORGANISATION}",
        f"owner@{ORGANISATION}/",
        f"owner@{ORGANISATION}/{GAME}/{GAME}",
        f"owner@{ORGANISATION.hex}",
        f"owner@{{{ORGANISATION}}}",
        "owner@nowhere",
    ],
)
def test_what_is_no_grant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        RoleGrant.parse(text)


@pytest.mark.parametrize(
    ("level", "levels"),
    [
        ("owner", {"owner", "editor", "finance", "viewer"}),
        ("editor", {"editor", "viewer"}),
        ("finance", {"finance", "viewer"}),
        ("viewer", {"viewer"}),
    ],
)
def test_an_owner_may_all_and_everybody_may_look(level: Level, levels: set[Level]) -> None:
    grants = [RoleGrant(level, ORGANISATION)]
    assert levels_in(grants, ORGANISATION) == levels_in(grants, ORGANISATION, GAME) == levels
    assert levels_in(grants, OTHER) == levels_in([], ORGANISATION) == frozenset()


def test_two_levels_in_one_place_add_up() -> None:
    grants = [RoleGrant("editor", ORGANISATION), RoleGrant("finance", ORGANISATION, GAME)]
    assert levels_in(grants, ORGANISATION) == {"editor", "viewer"}
    assert levels_in(grants, ORGANISATION, GAME) == {"editor", "finance", "viewer"}


def test_a_grant_for_one_game_holds_nowhere_else() -> None:
    grants = [RoleGrant("owner", ORGANISATION, GAME)]
    assert "editor" in levels_in(grants, ORGANISATION, GAME)
    assert levels_in(grants, ORGANISATION) == levels_in(grants, ORGANISATION, ANOTHER) == frozenset()


def test_a_developer_has_a_permission_where_their_level_holds() -> None:
    caller = caller_with("player", "developer", grants=(RoleGrant("editor", ORGANISATION),))

    def allows(level: Level, organisation_id: UUID) -> bool:
        return PERMISSIONS.allows_in(
            caller, "catalog.game.edit", level=level, organisation_id=organisation_id, game_id=GAME
        )

    assert allows("editor", ORGANISATION)
    assert allows("viewer", ORGANISATION)
    assert not allows("owner", ORGANISATION)
    assert not allows("viewer", OTHER)


def test_staff_have_a_permission_everywhere_and_a_denial_wins_over_all() -> None:
    owner = (RoleGrant("owner", ORGANISATION),)
    staff = caller_with("player", "moderator")
    assert PERMISSIONS.allows_in(staff, "catalog.game.edit", level="owner", organisation_id=OTHER)
    asked = "payment.payout.ask"
    developer, both = (
        caller_with("player", *roles, grants=owner) for roles in (("developer",), ("developer", "support"))
    )
    assert PERMISSIONS.allows_in(developer, asked, level="owner", organisation_id=ORGANISATION)
    assert not PERMISSIONS.allows_in(both, asked, level="owner", organisation_id=ORGANISATION)
    assert PERMISSIONS.held_by(("developer",)) == ("catalog.game.edit", "payment.payout.ask")
    assert PERMISSIONS.held_by(("developer", "support")) == ("catalog.game.edit",)


def test_a_scope_narrows_a_developer_in_their_own_place_too() -> None:
    narrowed = caller_with("developer", scope="catalog.*", grants=(RoleGrant("owner", ORGANISATION),))
    assert PERMISSIONS.allows_in(narrowed, "catalog.game.edit", level="owner", organisation_id=ORGANISATION)
    assert not PERMISSIONS.allows_in(
        narrowed, "payment.payout.ask", level="owner", organisation_id=ORGANISATION
    )
