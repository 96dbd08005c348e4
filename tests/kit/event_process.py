"""A process that relays or applies events until it is killed: `event_process.py relay|apply DATABASE_URL NATS_URL`.

apply … [die]    dies inside the handler, at each event whose series is "deadly"
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
inbox.ATTEMPTS_MAX = 2


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
        await Inbox("test", (note,), {}, bus=bus, database=database).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
