"""REST: how much one has played."""

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.routes import RateLimit, get
from samovar.services.library.statistics.schemas import PlayStatistics, StatisticsQuery
from samovar.services.library.statistics.use_cases import Statistics


@get(
    "/v1/library/statistics",
    auth="player",
    rate_limit=RateLimit(60, per_s=60, by="account"),
    raises=(InvalidInput,),
)
async def show_statistics(query: StatisticsQuery, caller: Caller, statistics: Statistics) -> PlayStatistics:
    """Tell how much one has played: by day, week, month or year, by game and by device."""
    return await statistics.show(caller.account_id, query)
