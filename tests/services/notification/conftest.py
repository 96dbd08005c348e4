"""Notification, run as in production; and its parts on a database of their own, for events that a test lets be heard in its own order."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.events import Consumer, Delivery, Event
from samovar.kit.i18n import Catalogue
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.notification.app import service
from samovar.services.notification.inbox.bell import Bell
from samovar.services.notification.inbox.rendering import Renderer
from samovar.services.notification.inbox.schemas import Notification
from samovar.services.notification.inbox.use_cases import Inbox
from samovar.services.notification.telling.erasing import Forgetting
from samovar.services.notification.telling.teller import Teller
from samovar.testing.clock import FakeClock
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
INBOX_MAX = 12


@pytest.fixture(scope="module")
async def notification(
    postgres: PostgresServer, redis_url: str, nats_url: str, issuer: Issuer
) -> AsyncIterator[Running]:
    async with running(
        service, postgres=postgres, redis_url=redis_url, nats_url=nats_url, issuer=issuer, waiting_max="2"
    ) as started:
        yield started


@pytest.fixture
async def own_database(postgres: PostgresServer) -> AsyncIterator[Database]:
    """Return an empty database of notification."""
    url = await postgres.create(f"notification_{uuid4().hex[:12]}")
    await migrate(Secret(url), service.migrations)
    opened = await Database.open(Secret(url), service="notification", pool_size_min=0, pool_size_max=2)
    yield opened
    await opened.close()


class Ears:
    """The consumers of notification at a time of their own."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock
        self.teller = Teller(clock=clock, new_id=new_id, inbox_max=INBOX_MAX, news_days=14)
        self.inbox = Inbox(
            database,
            renderer=Renderer(Catalogue.load([service.locale])),
            bell=Bell(database, monotonic=lambda: clock.now().timestamp(), waiting_max=2),
            clock=clock,
            kept_days=180,
        )
        self._provided = {"teller": self.teller, "forgetting": Forgetting()}

    async def hear(self, *events: Event, provided: dict[str, object] | None = None) -> None:
        """Let all consumers of these events run, in this order, each event in a transaction."""
        for event in events:
            delivery = Delivery(id=new_id(), time=NOW, subject=event.subject, attempt=1, headers={})
            async with self.database.transaction() as tx:
                for consumer in _listening(event, {**self._provided, **(provided or {})}):
                    await consumer(event=event, delivery=delivery, tx=tx)

    async def inbox_of(self, account_id: UUID, language: Any = "ru") -> list[Notification]:
        """Return what somebody reads."""
        page = await self.inbox.page(account_id, language=language, is_unread=False, limit=100, cursor=None)
        return page.items

    async def kinds(self, account_id: UUID) -> list[str]:
        """Return the kinds of what somebody reads, the latest first."""
        return [one.kind for one in await self.inbox_of(account_id)]


def _listening(event: Event, provides: dict[str, object]) -> Sequence[Any]:
    def can_run(consumer: Consumer) -> bool:
        return consumer.mode == "queue" and isinstance(event, consumer.event)

    found = []
    for consumer in service.consumers:
        if can_run(consumer):
            names = consumer.handler.__annotations__
            if all(name in provides or name in {"event", "delivery", "tx", "return"} for name in names):
                found.append(consumer.bind(provides))
    return found


@pytest.fixture
def ears(own_database: Database) -> Ears:
    """Return what hears events when a test says so."""
    return Ears(own_database, FakeClock(NOW))
