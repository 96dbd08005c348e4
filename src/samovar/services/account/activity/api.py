"""REST: one's own activity history."""

from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import get
from samovar.services.account.activity.schemas import Action
from samovar.services.account.activity.use_cases import Activity


@get("/v1/accounts/me/activity", auth="player")
async def list_my_activity(
    caller: Caller, activity: Activity, limit: Limit = LIMIT_DEFAULT, cursor: str | None = None
) -> Page[Action]:
    """List what was done with one's own account in the last half year, newest first."""
    return await activity.page(caller.account_id, limit=limit, cursor=cursor)
