"""A process that relays or applies events until it is killed: `event_process ROLE DATABASE_URL NATS_URL`.

Roles: `relay`; `apply`; `apply_twice`, which gives an event two attempts and no more. An event of the series "deadly" kills
the process that applies it.
"""

import asyncio
import os
import sys

from samovar.kit import inbox, subscriptions
from samovar.kit.bus import Bus
from samovar.kit.database import Database, Transaction
from samovar.kit.events import consumes
from samovar.kit.inbox import Inbox
from samovar.kit.outbox import Relay
from samovar.kit.settings import Secret
from tests.kit.eventing import Counted

# What a dead process had in hand comes again soon.
subscriptions.ACK_WAIT_S = 1.0


@consumes(Counted)
async def note(event: Counted, tx: Transaction) -> None:
    """Keep the number."""
    if event.series == "deadly":
        os._exit(1)
    await tx.execute("INSERT INTO applied (n) VALUES ($1)", event.n)


async def main(role: str, database_url: str, nats_url: str) -> None:
    database = await Database.open(Secret(database_url), service="test", pool_size_min=1, pool_size_max=3)
    bus = await Bus.connect(Secret(nats_url), "test")
    if role == "relay":
        await Relay(database, bus).run()
    else:
        if role == "apply_twice":
            inbox.ATTEMPTS_MAX = 2
        await Inbox("test", (note,), {}, bus=bus, database=database).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
