"""REST: the family of the caller."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, delete, get, post
from samovar.services.account.errors import AccountNotReady
from samovar.services.account.family.errors import (
    AdultsDecide,
    AdultsLeaveThemselves,
    AdultsOnly,
    AgeDoesNotFit,
    AgeUnknown,
    AlreadyMember,
    FamilyCooldown,
    FamilyFull,
    InFamily,
    InviteClosed,
    InviteNotFound,
    LastAdult,
    NoFamily,
    NotAFriend,
    OtherAdults,
)
from samovar.services.account.family.schemas import (
    Direction,
    FamilyState,
    InviteAnswer,
    NewInvite,
    PendingInvite,
)
from samovar.services.account.family.use_cases import Families, Invites

BODY_BYTES_MAX = 4_096
WRITES = RateLimit(60, per_s=60, by="account")


@get("/v1/accounts/me/family", auth="player", raises=(NoFamily,))
async def show_family(caller: Caller, families: Families) -> FamilyState:
    """Show the caller's family."""
    return await families.show(caller.account_id)


@post(
    "/v1/accounts/me/family",
    auth="player",
    rate_limit=RateLimit(20, per_s=3_600, by="account"),
    raises=(AccountNotReady, InFamily, AgeUnknown, AdultsOnly, FamilyCooldown),
)
async def create_family(caller: Caller, families: Families) -> FamilyState:
    """Make a family. Only somebody known to be 18 can; whoever left a family waits a year."""
    return await families.create(caller.account_id)


@delete("/v1/accounts/me/family", auth="player", rate_limit=WRITES, raises=(AdultsDecide, OtherAdults))
async def dissolve_family(caller: Caller, families: Families) -> None:
    """End the family whose only adult the caller is; its children are free."""
    await families.dissolve(caller.account_id)


@delete(
    "/v1/accounts/me/family/members/{account_id:uuid}",
    auth="player",
    rate_limit=WRITES,
    raises=(AdultsDecide, AdultsLeaveThemselves, LastAdult),
)
async def remove_family_member(account_id: UUID, caller: Caller, families: Families) -> None:
    """Leave the family, by one's own id, or take a child out of it. The place stays taken for a year."""
    await families.remove_member(caller.account_id, account_id)


@post(
    "/v1/accounts/me/family/invites",
    auth="player",
    rate_limit=RateLimit(30, per_s=3_600, by="account"),
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, NoFamily, AdultsDecide, NotAFriend, AlreadyMember, FamilyFull),
)
async def invite_to_family(data: NewInvite, caller: Caller, family_invites: Invites) -> InviteAnswer:
    """Invite a friend to the family, as an adult or as a child."""
    return await family_invites.send(caller.account_id, data)


@get("/v1/accounts/me/family/invites", auth="player", raises=(InvalidInput,))
async def list_family_invites(
    caller: Caller,
    family_invites: Invites,
    direction: Direction = "incoming",
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[PendingInvite]:
    """List the invites that wait for an answer, the newest first."""
    return await family_invites.list_pending(caller.account_id, direction, cursor, limit)


@post(
    "/v1/accounts/me/family/invites/{invite_id:uuid}/accept",
    auth="player",
    status=200,
    rate_limit=WRITES,
    idempotent=True,
    raises=(
        InviteNotFound,
        InviteClosed,
        InFamily,
        AgeUnknown,
        AdultsOnly,
        AgeDoesNotFit,
        FamilyCooldown,
        FamilyFull,
    ),
)
async def accept_family_invite(invite_id: UUID, caller: Caller, family_invites: Invites) -> InviteAnswer:
    """Join the family. As an adult, one is known to be 18; as a child, known to be younger."""
    return await family_invites.accept(caller.account_id, invite_id)


@post(
    "/v1/accounts/me/family/invites/{invite_id:uuid}/decline",
    auth="player",
    status=200,
    rate_limit=WRITES,
    idempotent=True,
    raises=(InviteNotFound, InviteClosed),
)
async def decline_family_invite(invite_id: UUID, caller: Caller, family_invites: Invites) -> InviteAnswer:
    """Refuse to join."""
    return await family_invites.decline(caller.account_id, invite_id)


@delete(
    "/v1/accounts/me/family/invites/{invite_id:uuid}",
    auth="player",
    rate_limit=WRITES,
    raises=(NoFamily, AdultsDecide, InviteNotFound, InviteClosed),
)
async def cancel_family_invite(invite_id: UUID, caller: Caller, family_invites: Invites) -> None:
    """Withdraw an invite of one's family."""
    await family_invites.cancel(caller.account_id, invite_id)
