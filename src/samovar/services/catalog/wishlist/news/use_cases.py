"""Noticing news, and telling it."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.events import Event
from samovar.kit.ids import IdSource
from samovar.services.catalog.contract.events import AppChanged
from samovar.services.catalog.contract.prices_events import DiscountStarted
from samovar.services.catalog.contract.wishlist_events import CreatorReleased, WishlistAlerted
from samovar.services.catalog.domain import EVERYWHERE, Stage, Viewer
from samovar.services.catalog.wishlist.news import domain, repository
from samovar.services.catalog.wishlist.news.domain import ACCOUNTS_PER_EVENT_MAX, CREATOR, Seen
from samovar.services.catalog.wishlist.news.repository import AlertRow, NewsApp, Waiting

PAGES_A_RUN_MAX = 200


class News:
    """What happens to apps, for those who wait for it.

    A cause is one row, so that it is begun once however often it is heard of; it is told page by page, each page and how far it
    went in one transaction, so that a crash repeats none and leaves none out.

    Args:
        percent_min: From how much off a discount is news.
        default_country: Of whoever named none.
        unknown_age_level: Of whoever's age is not known.
    """

    def __init__(
        self,
        database: Database,
        *,
        percent_min: int,
        default_country: str,
        unknown_age_level: int,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._percent_min = percent_min
        self._default_country = default_country
        self._unknown_age_level = unknown_age_level
        self._clock = clock
        self._new_id = new_id

    async def notice_discount(self, tx: Transaction, event: DiscountStarted) -> None:
        """Begin to tell of a discount that is worth it, of the package whose price lists show."""
        if event.percent < self._percent_min:
            return
        if not await repository.is_standard_package(tx, event.package_id):
            return
        alert = AlertRow(
            id=self._new_id(),
            app_id=event.app_id,
            cause=domain.discount_cause(event.discount_id),
            percent=event.percent,
            began_at=event.starts_at,
            told_up_to=None,
        )
        await repository.begin_alert(tx, alert)

    async def notice_stage(self, tx: Transaction, event: AppChanged, stage: Stage) -> None:
        """Begin to tell of a release; of a change that is older than what is known nothing is told."""
        after = Seen(event.state == "published", stage)
        step = await repository.step(
            tx, event.app_id, version=event.version, is_shown=after.is_shown, stage=stage
        )
        if step is None:
            return
        before = None
        if step.stage_before is not None:
            before = Seen(bool(step.was_shown), step.stage_before)
        causes = domain.news_of(
            before,
            after,
            kind=step.kind,
            released_on=step.released_on,
            today=event.changed_at.date(),
        )
        for cause in causes:
            alert = AlertRow(
                id=self._new_id(),
                app_id=event.app_id,
                cause=cause,
                percent=None,
                began_at=event.changed_at,
                told_up_to=None,
            )
            if cause == CREATOR:
                await repository.begin_creator_alert(tx, alert)
            else:
                await repository.begin_alert(tx, alert)

    async def tell(self) -> int:
        """Tell what is to be told, and return how many pages that were."""
        for told in range(PAGES_A_RUN_MAX):
            async with self._database.transaction() as tx:
                if not await self._tell_page(tx):
                    return told
        return PAGES_A_RUN_MAX

    async def _tell_page(self, tx: Transaction) -> bool:
        alert = await repository.lock_open_alert(tx)
        if alert is None:
            return False
        app = await repository.find_news_app(tx, alert.app_id)
        waiting: list[Waiting] = []
        if app is not None and app.state == "published":
            find = repository.list_following if alert.cause == CREATOR else repository.list_wishing
            waiting = await find(tx, alert, ACCOUNTS_PER_EVENT_MAX)
            await tx.publish_many(self._events(alert, [one for one in waiting if self._may_see(one, app)]))
        is_done = len(waiting) < ACCOUNTS_PER_EVENT_MAX
        await repository.update_alert(
            tx,
            alert.id,
            told_up_to=repository.last_of(waiting) or alert.told_up_to,
            done_at=self._clock.now() if is_done else None,
        )
        return True

    def _may_see(self, one: Waiting, app: NewsApp) -> bool:
        viewer = Viewer(
            account_id=one.account_id,
            country=one.country or self._default_country,
            age_level=self._unknown_age_level if one.age_level is None else one.age_level,
        )
        return viewer.may_see(app.age_rating, app.visible or EVERYWHERE)

    def _events(self, alert: AlertRow, told: Sequence[Waiting]) -> list[Event]:
        if not told:
            return []
        if alert.cause != CREATOR:
            return [
                WishlistAlerted(
                    alert_id=alert.id,
                    app_id=alert.app_id,
                    reason=domain.reason_of(alert.cause),
                    percent=alert.percent,
                    account_ids=tuple(one.account_id for one in told),
                    since=alert.began_at,
                )
            ]
        followers: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for one in told:
            if one.creator_id is not None:
                followers[one.creator_id].append(one.account_id)
        return [
            CreatorReleased(
                alert_id=alert.id,
                creator_id=creator_id,
                app_id=alert.app_id,
                account_ids=tuple(account_ids),
                since=alert.began_at,
            )
            for creator_id, account_ids in followers.items()
        ]
