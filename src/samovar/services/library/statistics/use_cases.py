"""How much a player has played."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.services.library.statistics import domain, repository
from samovar.services.library.statistics.domain import Period
from samovar.services.library.statistics.schemas import PlayStatistics, StatisticsQuery


class Statistics:
    """The play time of all players, each with their own alone."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def show(self, account_id: UUID, query: StatisticsQuery) -> PlayStatistics:
        """Return how much a player has played.

        Raises:
            InvalidInput: There is no such time, or too much of it.
        """
        period = domain.period_of(
            query.since,
            query.until,
            unit=query.by,
            offset_minutes=query.offset_minutes,
            now=self._clock.now(),
        )
        if not isinstance(period, Period):
            raise InvalidInput(", ".join(fault.field for fault in period), fields=period)
        here = await repository.sum_period(self._database, account_id, period)
        ever = await repository.sum_all(self._database, account_id)
        return PlayStatistics(
            since=period.since,
            until=period.until,
            minutes=here.seconds // 60,
            games_played=here.games,
            steps=await repository.list_steps(self._database, account_id, period, query.by),
            games=await repository.list_games(self._database, account_id, period, domain.GAMES_MAX),
            devices=await repository.list_devices(
                self._database, account_id, period.begin, period.end, domain.DEVICES_MAX
            ),
            all_minutes=ever.seconds // 60,
            all_games=ever.games,
        )
