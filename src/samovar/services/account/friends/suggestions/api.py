"""REST: whom the caller may know."""

from samovar.kit.identity import Caller
from samovar.kit.pagination import Page
from samovar.kit.routes import RateLimit, get
from samovar.services.account.friends.suggestions.schemas import Count, Suggestion
from samovar.services.account.friends.suggestions.use_cases import Suggestions


@get("/v1/friends/suggestions", auth="player", rate_limit=RateLimit(30, per_s=60, by="account"))
async def suggest_friends(caller: Caller, suggestions: Suggestions, limit: Count = 24) -> Page[Suggestion]:
    """Suggest friends of one's friends, most friends in common first; nobody who is hidden from the caller."""
    return await suggestions.list_for(caller.account_id, limit=limit)
