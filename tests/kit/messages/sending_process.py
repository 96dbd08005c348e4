"""A process that sends what waits until it is killed: `sending_process DATABASE_URL MAIL_URL LEASE_S`."""

import asyncio
import sys

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.kit.messages import Outgoing
from samovar.kit.messages.channels import ways_of
from samovar.kit.messages.sender import Sender
from samovar.kit.settings import Secret
from tests.kit.messages.conftest import platform_with


async def main(database_url: str, mail_url: str, lease_s: str) -> None:
    database = await Database.open(Secret(database_url), service="test", pool_size_min=1, pool_size_max=3)
    ways = ways_of(platform_with({"mail_url": mail_url}), "test")
    await Sender(database, Outgoing(new_id), ways, lease_s=float(lease_s)).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
