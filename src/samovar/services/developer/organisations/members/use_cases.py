"""What one can do with members."""

from datetime import datetime
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller, Level
from samovar.kit.pagination import Page
from samovar.services.developer.organisations.members.adapters import Faces
from samovar.services.developer.organisations.members.roster import Roster
from samovar.services.developer.organisations.members.schemas import Member, NewMember
from samovar.services.developer.rights import EDIT, READ, Rights

LEAVING_REASON = "left the organisation"
REMOVAL_REASON = "taken out of the organisation"


class Members:
    """Members, as the people of an organisation see and change them."""

    def __init__(self, *, roster: Roster, faces: Faces, rights: Rights, clock: Clock) -> None:
        self._roster = roster
        self._faces = faces
        self._rights = rights
        self._clock = clock

    async def page(
        self, caller: Caller, organisation_id: UUID, *, cursor: str | None, limit: int
    ) -> Page[Member]:
        """Return who may do what, the latest first.

        Raises:
            AuthAway: Auth does not answer.
            InvalidInput: The cursor is not one of this list.
            OrganisationNotFound: There is none, or it is not the caller's to know.
        """
        self._rights.require(caller, READ, "viewer", organisation_id=organisation_id)
        grants, next_cursor = await self._roster.page(organisation_id, cursor=cursor, limit=limit)
        faces = await self._faces.of({grant.account_id for grant in grants})
        members = []
        for grant in grants:
            face = faces.get(grant.account_id)
            members.append(
                Member(
                    account_id=grant.account_id,
                    display_name=face.display_name if face else None,
                    avatar_url=face.avatar_url if face else None,
                    level=grant.level,
                    game_id=grant.game_id,
                    granted_at=grant.granted_at,
                    expires_at=grant.expires_at,
                )
            )
        return Page(members, next_cursor)

    async def add(self, caller: Caller, organisation_id: UUID, wanted: NewMember) -> None:
        """Make somebody a member, or give a member another level besides; the same twice gives it once.

        Raises:
            AuthAway: Auth does not answer.
            InvalidInput: It would be over before it begins.
            MemberNotFound: Nobody has this account.
            OrganisationNotFound: There is none, or the caller does not own it.
            RoleToOneself: The caller would raise themselves.
            TooManyRoles: The person has as many as one may have.
        """
        self._rights.require(caller, EDIT, "owner", organisation_id=organisation_id)
        self._refuse_past(wanted.expires_at)
        await self._roster.give(
            wanted.account_id,
            organisation_id,
            level=wanted.level,
            game_id=wanted.game_id,
            reason=wanted.reason,
            expires_at=wanted.expires_at,
        )

    async def remove(
        self,
        caller: Caller,
        organisation_id: UUID,
        account_id: UUID,
        *,
        level: Level | None,
        game_id: UUID | None,
    ) -> None:
        """Take a level from a member, or all that they have there. Everybody may leave. What is gone already is no error.

        Raises:
            AuthAway: Auth does not answer.
            LastOwner: The organisation would have no owner.
            MemberNotFound: Nobody has this account.
            OrganisationNotFound: There is none, or the caller does not own it.
        """
        leaves = account_id == caller.account_id
        if leaves:
            self._rights.require(caller, READ, "viewer", organisation_id=organisation_id)
        else:
            self._rights.require(caller, EDIT, "owner", organisation_id=organisation_id)
        await self._roster.take(
            account_id,
            organisation_id,
            level=level,
            game_id=game_id,
            reason=LEAVING_REASON if leaves else REMOVAL_REASON,
        )

    def _refuse_past(self, expires_at: datetime | None) -> None:
        if expires_at and expires_at <= self._clock.now():
            raise InvalidInput(
                "expires_at", fields=[FieldError("expires_at", "in_the_past", "it must be later than now")]
            )
