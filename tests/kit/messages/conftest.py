"""A service's promises to send, and the loop that keeps them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.kit.messages import Message, Outgoing
from samovar.kit.messages.channels import ways_of
from samovar.kit.messages.sender import LEASE_S, Sender
from samovar.kit.settings import PlatformSettings, Secret
from samovar.testing.messages import Messages

WAIT_S = 20.0


def platform_with(settings: dict[str, str], **more: Any) -> PlatformSettings:
    """Return settings whose messages go where `settings` say."""
    secrets: dict[str, Any] = {name: Secret(value) for name, value in settings.items()}
    return PlatformSettings(
        environment=more.pop("environment", "test"),
        redis_url=Secret("redis://nowhere"),
        nats_url=Secret("nats://nowhere"),
        rpc_secret=Secret("none"),
        **secrets,
        **more,
    )


class Row(msgspec.Struct, frozen=True):
    """What is kept of a message."""

    state: str
    attempts: int
    message: Any
    last_error: str | None


class Post:
    """One service's database, seen as a place that messages leave from."""

    def __init__(self, database: Database, messages: Messages) -> None:
        self.database = database
        self.messages = messages
        self.outgoing = Outgoing(new_id)

    async def promise(self, message: Message, *, valid_s: float = 600) -> UUID:
        """Promise a message in a transaction of its own."""
        async with self.database.transaction() as tx:
            expires_at = datetime.now(UTC) + timedelta(seconds=valid_s)
            return await self.outgoing.send(tx, message, expires_at=expires_at)

    def sender(self, *, lease_s: float = LEASE_S, **settings: str) -> Sender:
        """Return a loop that is not running."""
        platform = platform_with({**self.messages.settings, **settings})
        return Sender(self.database, self.outgoing, ways_of(platform, "test"), lease_s=lease_s)

    @asynccontextmanager
    async def sending(self, **options: Any) -> AsyncIterator[Sender]:
        """Run a loop, as a process does."""
        sender = self.sender(**options)
        task = asyncio.create_task(sender.run())
        yield sender
        await sender.drain()
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=0.2)
        with suppress(asyncio.CancelledError):
            await task

    async def row(self, message_id: UUID) -> Row:
        """Return what is kept of a message."""
        found = await self.database.fetch_one(
            "SELECT state, attempts, message, last_error FROM kit.outgoing_messages WHERE id = $1",
            message_id,
            into=Row,
        )
        assert found
        return found

    async def until(self, message_id: UUID, true: Callable[[Row], bool]) -> Row:
        """Wait until something is true of a message."""

        async def holds() -> bool:
            return true(await self.row(message_id))

        await eventually(holds)
        return await self.row(message_id)

    async def hurry(self) -> None:
        """Let the pauses of all messages be over."""
        async with self.database.transaction() as tx:
            await tx.execute(
                "UPDATE kit.outgoing_messages SET next_attempt_at = now() WHERE state = 'waiting'"
            )


async def eventually(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not await true():  # noqa: ASYNC110  another task decides
            await asyncio.sleep(0.02)


def somebody() -> str:
    """Return a mail address that nothing has come to."""
    return f"{uuid4().hex}@example.org"


def some_phone() -> str:
    """Return a number that nothing has come to."""
    return f"+7900{uuid4().int % 10**7:07}"


@pytest.fixture
async def post(database: Database, messages: Messages) -> Post:
    return Post(database, messages)
