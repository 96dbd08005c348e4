"""`kill -9` under load: nothing that was confirmed is lost, nothing is applied twice, and no hand is needed to recover."""

import asyncio
from collections.abc import AsyncIterator
from typing import Self

import aiohttp
import pytest

from samovar.testing.hosting import Answer
from samovar.testing.platform import Platform

CLIENTS = 3
RECOVERED_WITHIN_S = 30.0
# What a client may see while a part is away; anything else is a defect.
PATIENT = {429, 503}


class People:
    """Clients that register and sign out, over and over, and remember what was confirmed to them."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._tasks: list[asyncio.Task[None]] = []
        self.registered: set[str] = set()
        self.left: list[str] = []
        self.refusals: list[Answer] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._live()) for _ in range(CLIENTS)]
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def more(self, count: int) -> None:
        """Wait until `count` more people have registered."""
        wanted = len(self.registered) + count

        async def enough() -> bool:
            return len(self.registered) >= wanted

        await self._platform.until(enough, within_s=RECOVERED_WITHIN_S)

    async def _live(self) -> None:
        while True:
            try:
                await self._come_and_go()
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)

    async def _come_and_go(self) -> None:
        came = await self._platform.register()
        if came.status != 201:
            self.refusals.append(came)
            await asyncio.sleep(0.05)
            return
        self.registered.add(came.body["account_id"])
        token = came.body["access_token"]
        went = await self._platform.request("POST", "/v1/auth/logout", token=token)
        if went.status == 204:
            self.left.append(token)
        else:
            self.refusals.append(went)


@pytest.fixture
async def people(platform: Platform) -> AsyncIterator[People]:
    async with People(platform) as clients:
        await clients.more(3)
        yield clients


@pytest.mark.parametrize("victim", ["auth", "nats", "redis", "postgresql", "envoy"])
async def test_the_death_of_a_part_loses_and_doubles_nothing(
    platform: Platform, people: People, victim: str
) -> None:
    dead = platform.pid_of(victim)
    platform.kill(victim)

    async def replaced() -> bool:
        return platform.pid_of(victim) != dead

    await platform.until(replaced, within_s=RECOVERED_WITHIN_S)
    await people.more(3)
    await people.__aexit__()
    assert {answer.status for answer in people.refusals} <= PATIENT
    assert all(answer.body["code"] for answer in people.refusals)
    await everything_told_once(platform, people)


async def everything_told_once(platform: Platform, people: People) -> None:
    """Check, once all has settled, that every confirmed change was told, and had its effect, exactly once."""
    async with platform.database("auth") as database:

        async def settled() -> bool:
            waiting = "SELECT count(*) FROM kit.outbox WHERE published_at IS NULL"
            unheard = """
                SELECT count(*) FROM kit.outbox o
                WHERE subject = 'samovar.auth.v1.session_revoked' AND NOT EXISTS (
                    SELECT FROM kit.inbox i WHERE i.event_id = o.event_id AND i.consumer = 'list_revoked_session'
                )
            """
            return not await database.fetch_value(waiting) and not await database.fetch_value(unheard)

        await platform.until(settled, within_s=RECOVERED_WITHIN_S)
        told = await database.fetch_value(
            """
            SELECT json_agg(payload ->> 'account_id')::text FROM kit.outbox
            WHERE subject = 'samovar.auth.v1.account_registered'
            """
        )
        dead_letters = await database.fetch_value("SELECT count(*) FROM kit.dead_letters")
    assert people.registered <= set(told.strip("[]").replace('"', "").replace(" ", "").split(","))
    assert dead_letters == 0
    for token in people.left[-5:]:
        refused = await platform.request("GET", "/v1/auth/me", token=token)
        assert (refused.status, refused.body["code"]) == (401, "auth.session_revoked")
