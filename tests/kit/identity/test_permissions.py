"""What roles, scopes and kinds of callers open."""

from uuid import UUID

import pytest

from samovar.kit.identity import (
    Caller,
    Permissions,
    RoleGrant,
    reaches,
)
from samovar.kit.settings import Secret
from samovar.testing.clock import FakeClock


def caller_with(*roles: str, scope: str = "*", grants: tuple[RoleGrant, ...] = ()) -> Caller:
    now = FakeClock().now()
    nobody = UUID(int=0)
    return Caller(
        account_id=nobody,
        session_id=nobody,
        roles=roles,
        scope=scope,
        grants=grants,
        auth_time=now,
        expires_at=now,
        token=Secret(""),
    )


def test_permissions_come_from_roles_and_deny_wins() -> None:
    permissions = Permissions(
        {"catalog.game.hide": ("moderator", "admin"), "payment.payout.approve": ("finance", "!developer")}
    )
    assert permissions.allows(caller_with("player", "moderator"), "catalog.game.hide")
    assert not permissions.allows(caller_with("player"), "catalog.game.hide")
    assert not permissions.allows(caller_with("admin"), "catalog.game.unheard_of")
    assert permissions.allows(caller_with("finance"), "payment.payout.approve")
    assert not permissions.allows(caller_with("finance", "developer"), "payment.payout.approve")
    assert permissions.of(caller_with("finance", "admin")) == ("catalog.game.hide", "payment.payout.approve")


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("*", True),
        ("", False),
        ("openid profile", False),
        ("catalog.game.hide", True),
        ("catalog.game.*", True),
        ("openid catalog.*", True),
        ("catalog.gam.*", False),
        ("catalog.game", False),
    ],
)
def test_a_scope_narrows_what_roles_allow(scope: str, allowed: bool) -> None:  # noqa: FBT001 - the expected answer
    permissions = Permissions({"catalog.game.hide": ("moderator",)})
    assert permissions.allows(caller_with("moderator", scope=scope), "catalog.game.hide") is allowed
    assert not permissions.allows(caller_with("player", scope=scope), "catalog.game.hide")


def test_kinds_of_callers_reach_their_kinds_of_routes() -> None:
    assert reaches(caller_with("player"), "player")
    assert not reaches(caller_with("player"), "developer")
    assert reaches(caller_with("player", "developer"), "developer")
    assert not reaches(caller_with("player", "developer"), "staff")
    assert reaches(caller_with("player", "support"), "staff")
    assert not reaches(caller_with("player", "admin"), "developer")
    assert not reaches(caller_with("player", "developer", "admin"), "service")
