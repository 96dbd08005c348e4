"""How looks at pages are counted, and what is told of the numbers."""

from collections import Counter
from datetime import date
from uuid import UUID

import structlog

from samovar.kit.clock import MOSCOW, Clock
from samovar.kit.database import Database
from samovar.kit.errors import Unavailable
from samovar.kit.identity import Caller
from samovar.services.catalog.apps import sight
from samovar.services.catalog.attention import repository
from samovar.services.catalog.attention.schemas import ViewDay, Views, ViewSource, WishDay
from samovar.services.catalog.attention.visitors import Visitors, is_bot
from samovar.services.catalog.viewers.audience import Audience

# What one process holds between two writings; beyond that views are lost, not memory.
HELD_MAX = 50_000

log = structlog.get_logger(__name__)


class PageViews:
    """Counts in memory and writes some seconds later, many at once: a process that dies loses those seconds, and no page waits."""

    def __init__(self, database: Database, *, audience: Audience, visitors: Visitors, clock: Clock) -> None:
        self._database = database
        self._audience = audience
        self._visitors = visitors
        self._clock = clock
        self._views: Counter[tuple[UUID, date, str]] = Counter()
        self._visits: Counter[tuple[UUID, date, str]] = Counter()

    async def note(
        self, game: str, source: ViewSource, *, caller: Caller | None, network: str, user_agent: str
    ) -> None:
        """Count that somebody opened a page: not again within half an hour, and no bots.

        Raises:
            AppNotFound: There is no such app, or none that is shown to them.
            AgeRestricted: It is above their age level.
        """
        head = await sight.of(self._database, game, await self._audience.of(caller))
        if is_bot(user_agent):
            return
        now = self._clock.now()
        visitor = str(caller.account_id) if caller else f"{network} {user_agent}"
        try:
            is_view, is_visitor = await self._visitors.look(head.id, visitor, now)
        except Unavailable as error:
            # Better a view too few than each of them twice.
            log.warning("a view is not counted", error=str(error))
            return
        key = (head.id, now.astimezone(MOSCOW).date(), source)
        if is_view and (key in self._views or len(self._views) < HELD_MAX):
            self._views[key] += 1
            self._visits[key] += is_visitor

    async def write(self) -> None:
        """Write what was counted since the last time; what cannot be written is kept for the next."""
        views, visits = self._views, self._visits
        if not views:
            return
        self._views, self._visits = Counter(), Counter()
        counted = [
            Views(app_id=app_id, day=day, source=source, views=number, visitors=visits[app_id, day, source])
            for (app_id, day, source), number in views.items()
        ]
        try:
            async with self._database.transaction() as tx:
                await repository.add_views(tx, counted)
        except BaseException:
            self._views.update(views)
            self._visits.update(visits)
            raise


class Attention:
    """What the developer service asks of these numbers; whose the app is it has made sure itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def wish_days(self, app_id: UUID, since: date, until: date) -> list[WishDay]:
        """Return the days on which lists changed, both ends counted in."""
        return await repository.list_wish_days(self._database, app_id, since, until)

    async def view_days(self, app_id: UUID, since: date, until: date) -> list[ViewDay]:
        """Return the days and sources with views, both ends counted in."""
        return await repository.list_view_days(self._database, app_id, since, until)
