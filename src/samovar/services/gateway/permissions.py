"""Which role gets through which route: for people as a page, for tests as rows.

What is expected comes from the kit, where services decide; what Envoy does comes from the compiler. The tests run every row
against a real Envoy, so the two cannot drift apart.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from samovar.kit.errors import Forbidden, Unauthenticated
from samovar.kit.identity import Caller, Permissions, reaches
from samovar.kit.settings import Secret
from samovar.services.gateway.domain import Operation, RouteTable

ROLES = ("player", "developer", "moderator", "support", "finance", "operator", "admin")
PASSES = 200

_NOTE = "<!-- Made by `make generate` from the routes' policies; edit those. -->"


class Row(NamedTuple):
    """What one route answers one kind of caller.

    Attributes:
        role: None for a caller without a token.
        status: 200 where the request goes on to the service, else what the gateway answers.
    """

    role: str | None
    operation: Operation
    status: int


def permission_rows(table: RouteTable) -> Iterator[Row]:
    """Yield a row for every route and role."""
    permissions = Permissions(table.permissions)
    for operation in table.operations:
        for role in (None, *ROLES):
            yield Row(role, operation, _status(operation, role, permissions))


def permissions_page(table: RouteTable) -> str:
    """Return `docs/permissions.md`."""
    lines = [
        "# Who may call what",
        "",
        _NOTE,
        "",
        "Every account is a player; the other columns are a player with that role besides. `+` goes on to the service, which",
        "decides again and alone knows whose thing it is; a number is what the gateway answers.",
        "",
        f"| route | for | needs | no token | {' | '.join(ROLES)} |",
        "|---|---|---|" + "---|" * (len(ROLES) + 1),
    ]
    permissions = Permissions(table.permissions)
    for operation in table.operations:
        statuses = [_status(operation, role, permissions) for role in (None, *ROLES)]
        cells = ["+" if status == PASSES else str(status) for status in statuses]
        needs = ", ".join(operation.policy.permissions) or "-"
        route = f"`{operation.method} {operation.path}`"
        lines.append(f"| {route} | {operation.policy.auth} | {needs} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _status(operation: Operation, role: str | None, permissions: Permissions) -> int:
    if operation.is_open:
        return PASSES
    if role is None:
        return Unauthenticated.http_status
    caller = _caller(role)
    allowed = reaches(caller, operation.policy.auth) and all(
        permissions.allows(caller, permission) for permission in operation.policy.permissions
    )
    return PASSES if allowed else Forbidden.http_status


def _caller(role: str) -> Caller:
    moment = datetime.fromtimestamp(0, UTC)
    return Caller(
        account_id=UUID(int=0),
        session_id=UUID(int=0),
        roles=tuple({"player": None, role: None}),
        auth_time=moment,
        expires_at=moment,
        token=Secret(""),
    )
