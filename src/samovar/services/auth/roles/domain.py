"""The rules of giving and taking roles, free of I/O."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import LEVELS, ROLES, Level, RoleGrant
from samovar.services.auth.domain import PLAYER

ADMIN, DEVELOPER, OWNER = "admin", "developer", "owner"
GRANTABLE = ROLES - {PLAYER}
GRANTS_PER_ACCOUNT_MAX = 100


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A role that somebody is to have.

    Attributes:
        organisation_id: Where the role `developer` holds; none for other roles.
        level: How much it allows there.
        game_id: In one game alone; none: in the whole organisation.
        expires_at: When it ends by itself.
    """

    role: str
    organisation_id: UUID | None = None
    level: Level | None = None
    game_id: UUID | None = None
    expires_at: datetime | None = None

    @property
    def claim(self) -> RoleGrant | None:
        """The grant as tokens say it; none where the role holds everywhere."""
        if self.organisation_id is None or self.level is None:
            return None
        return RoleGrant(self.level, self.organisation_id, self.game_id)


class Held(Wanted, frozen=True, kw_only=True):
    """A role that an account has."""

    id: UUID
    account_id: UUID


def refuse_impossible(wanted: Wanted, now: datetime, *, asks_place: bool = True) -> None:
    """Refuse what is no role at all.

    Args:
        wanted: What somebody is to have.
        now: The present moment.
        asks_place: The role `developer` must name its organisation. An operator may give it without: its bearer then reaches what
            is for developers, and no organisation.

    Raises:
        InvalidInput: The role does not exist, its place does not fit it, or it would be over before it begins.
    """
    faults = []
    placed = wanted.organisation_id is not None
    if wanted.role not in GRANTABLE:
        faults.append(FieldError("role", "not_offered", f"one of {sorted(GRANTABLE)}"))
    elif placed and wanted.role != DEVELOPER:
        faults.append(
            FieldError("organisation_id", "role_has_no_place", "only a developer has an organisation")
        )
    elif not placed and wanted.role == DEVELOPER and asks_place:
        faults.append(FieldError("organisation_id", "missing", "a developer needs an organisation"))
    if placed != (wanted.level is not None):
        faults.append(
            FieldError("level", "level_with_organisation", f"one of {LEVELS}, with an organisation")
        )
    if wanted.game_id is not None and not placed:
        faults.append(FieldError("game_id", "game_with_organisation", "a game is part of an organisation"))
    if wanted.expires_at is not None and (wanted.expires_at.tzinfo is None or wanted.expires_at <= now):
        faults.append(FieldError("expires_at", "in_the_past", "a moment to come, with its time zone"))
    if faults:
        raise InvalidInput(fields=faults)


def roles_of(grants: Iterable[Wanted]) -> tuple[str, ...]:
    """Return the flat list of roles that tokens carry."""
    return tuple(sorted({PLAYER, *(grant.role for grant in grants)}))


def claims_of(grants: Iterable[Wanted]) -> tuple[str, ...]:
    """Return the places of the role `developer` as tokens say them: whole organisations first, since a token holds only some."""
    claims = {grant.claim for grant in grants} - {None}
    found = [claim for claim in claims if claim is not None]
    found.sort(key=lambda claim: (claim.game_id is not None, LEVELS.index(claim.level), str(claim)))
    return tuple(str(claim) for claim in found)


def leaves_none(held: Collection[Held], taken: Collection[UUID]) -> bool:
    """Return whether nobody is left who holds something for good, when what is `taken` is gone.

    Args:
        held: All living grants of the kind: of administrators, or of the owners of one organisation.
        taken: Ids of those that are to end.
    """
    losing = any(grant.id in taken for grant in held)
    return losing and not any(grant.id not in taken and grant.expires_at is None for grant in held)
