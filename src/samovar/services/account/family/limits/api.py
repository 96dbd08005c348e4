"""REST: what a child may do."""

from uuid import UUID

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, get, put
from samovar.services.account.family.errors import AdultsDecide, MemberNotFound, NoFamily, NotAChild
from samovar.services.account.family.limits.schemas import LimitsChange, LimitsState
from samovar.services.account.family.limits.use_cases import Limits

BODY_BYTES_MAX = 4_096


@get(
    "/v1/accounts/me/family/members/{account_id:uuid}/limits",
    auth="player",
    etag=True,
    raises=(NoFamily, MemberNotFound, AdultsDecide, NotAChild),
)
async def show_limits(account_id: UUID, caller: Caller, child_limits: Limits) -> LimitsState:
    """Show what a child may do: to the adults of its family, and to the child."""
    return await child_limits.show(caller.account_id, account_id)


@put(
    "/v1/accounts/me/family/members/{account_id:uuid}/limits",
    auth="player",
    rate_limit=RateLimit(60, per_s=60, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(InvalidInput, PreconditionFailed, NoFamily, MemberNotFound, AdultsDecide, NotAChild),
)
async def change_limits(
    account_id: UUID, data: LimitsChange, caller: Caller, child_limits: Limits, if_match: IfMatch = None
) -> LimitsState:
    """Set what a child may do. Only the adults of its family can."""
    return await child_limits.change(caller, account_id, data, if_match=if_match)
