"""Puts what happened into the inboxes of people, in the transaction of whoever hears of it."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.notification.contract.events import InboxChanged
from samovar.services.notification.domain import Story
from samovar.services.notification.telling import repository

RECIPIENTS_MAX = 500


class Teller:
    """Tells people.

    Args:
        inbox_max: How many notifications a person has at most.
        news_days: What is older is no news.
    """

    def __init__(self, *, clock: Clock, new_id: IdSource, inbox_max: int, news_days: int) -> None:
        self._clock = clock
        self._new_id = new_id
        self._inbox_max = inbox_max
        self._news = timedelta(days=news_days)

    async def tell(self, tx: Transaction, recipients: Iterable[UUID], story: Story) -> None:
        """Tell people of a story, each once, or how it goes on.

        Whoever has muted the category is not told, nor is anybody of what is old; what is taken back is so in every case.

        Args:
            tx: The transaction of the event.
            recipients: At most 500.
            story: What there is to tell.
        """
        # In one order everywhere, so that two transactions do not wait for each other.
        accounts = sorted(set(recipients))
        now = self._clock.now()
        if not accounts or (story.kind and story.happened_at < now - self._news):
            return
        if len(accounts) > RECIPIENTS_MAX:
            raise ValueError(f"{len(accounts)} recipients at once, at most {RECIPIENTS_MAX}")
        ids = [self._new_id() for _ in accounts]
        told = await repository.put(tx, ids, accounts, story, now)
        if len(told) < len(accounts) and story.kind:
            await repository.complete(tx, accounts, story)
        if told:
            await repository.trim(tx, told, self._inbox_max)
            await tx.publish(InboxChanged(account_ids=tuple(told), changed_at=now))
