"""Who is in which organisation: asked of auth for the person whose token is passed on, and never kept here."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from samovar.kit.errors import DeadlineExceeded, Forbidden, SamovarError, Unavailable
from samovar.kit.identity import Level, RoleGrant
from samovar.kit.pagination import LIMIT_MAX
from samovar.kit.rpc.client import Peers
from samovar.services.auth.contract import v1_pb2
from samovar.services.auth.contract.v1_pb2_grpc import RolesStub
from samovar.services.developer.errors import (
    AuthAway,
    LastOwner,
    MemberNotFound,
    OrganisationNotFound,
    RoleToOneself,
    TooManyRoles,
)
from samovar.services.developer.organisations.members.schemas import Grant

TIMEOUT_S = 3.0
# As many as one account may have: auth gives no more.
GRANTS_PER_ACCOUNT_MAX = 100
_REFUSALS: dict[str, type[SamovarError]] = {
    "auth.account_not_found": MemberNotFound,
    "auth.role_to_oneself": RoleToOneself,
    "auth.last_holder": LastOwner,
    "auth.too_many_grants": TooManyRoles,
}

T = TypeVar("T")


class Roster:
    """Asks auth. Every method raises `AuthAway` when it does not answer, and `OrganisationNotFound` when the caller may not."""

    def __init__(self, peers: Peers) -> None:
        self._roles = RolesStub(peers.channel("auth"))

    async def give(
        self,
        account_id: UUID,
        organisation_id: UUID,
        *,
        level: Level,
        game_id: UUID | None,
        reason: str,
        expires_at: datetime | None = None,
    ) -> None:
        """Make somebody a member; the same twice gives it once.

        Raises:
            MemberNotFound: Nobody has this account.
            RoleToOneself: The caller would raise themselves.
            TooManyRoles: The person has as many as one may have.
            InvalidInput: What auth takes exception to.
        """
        await _answered(
            self._roles.GrantRole(
                v1_pb2.GrantRoleRequest(
                    account_id=str(account_id),
                    organisation_id=str(organisation_id),
                    level=level,
                    game_id=str(game_id) if game_id else None,
                    reason=reason,
                    expires_at=expires_at.isoformat() if expires_at else None,
                ),
                timeout=TIMEOUT_S,
            )
        )

    async def take(
        self,
        account_id: UUID,
        organisation_id: UUID,
        *,
        level: Level | None,
        game_id: UUID | None,
        reason: str,
    ) -> None:
        """Take a level from a member, or all that they have there; what is gone already is no error.

        Raises:
            LastOwner: The organisation would have no owner.
            MemberNotFound: Nobody has this account.
        """
        await _answered(
            self._roles.RevokeRole(
                v1_pb2.RevokeRoleRequest(
                    account_id=str(account_id),
                    organisation_id=str(organisation_id),
                    level=level,
                    game_id=str(game_id) if game_id else None,
                    reason=reason,
                ),
                timeout=TIMEOUT_S,
            )
        )

    async def page(
        self, organisation_id: UUID, *, cursor: str | None, limit: int
    ) -> tuple[list[Grant], str | None]:
        """Return who may do what in an organisation, the latest first, and where the next page begins.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        answer = await _answered(
            self._roles.ListGrants(
                v1_pb2.ListGrantsRequest(
                    organisation_id=str(organisation_id), limit=limit, cursor=cursor or ""
                ),
                timeout=TIMEOUT_S,
            )
        )
        return [_grant(one) for one in answer.grants], answer.next_cursor or None

    async def grants_of(self, account_id: UUID) -> list[RoleGrant]:
        """Return all places where somebody may do something."""
        grants: list[RoleGrant] = []
        cursor = ""
        while len(grants) < GRANTS_PER_ACCOUNT_MAX:
            answer = await _answered(
                self._roles.ListGrants(
                    v1_pb2.ListGrantsRequest(account_id=str(account_id), limit=LIMIT_MAX, cursor=cursor),
                    timeout=TIMEOUT_S,
                )
            )
            grants += [
                RoleGrant(one.level, one.organisation_id, one.game_id) for one in map(_grant, answer.grants)
            ]
            cursor = answer.next_cursor
            if not cursor:
                break
        return grants


def _grant(row: v1_pb2.Grant) -> Grant:
    return msgspec.convert(
        {
            "account_id": row.account_id,
            "organisation_id": row.organisation_id,
            "level": row.level,
            "game_id": row.game_id if row.HasField("game_id") else None,
            "granted_at": row.granted_at,
            "expires_at": row.expires_at if row.HasField("expires_at") else None,
        },
        Grant,
    )


async def _answered(call: Awaitable[T]) -> T:
    try:
        return await call
    except (Unavailable, DeadlineExceeded) as error:
        raise AuthAway(f"auth: {error}", retry_after_s=error.retry_after_s or 1.0) from error
    except SamovarError as error:
        if error.code in _REFUSALS:
            raise _REFUSALS[error.code](str(error)) from error
        if isinstance(error, Forbidden):
            raise OrganisationNotFound(str(error)) from error
        raise
