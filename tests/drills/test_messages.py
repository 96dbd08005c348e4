"""Mails while things break: nothing is lost; what is sent again is known by its id."""

import asyncio
import sys
from pathlib import Path

from samovar.embedded.simulator import SimulatorServer
from samovar.kit.database import Database
from samovar.kit.messages import Mail
from samovar.testing.messages import Messages
from tests.kit.messages.conftest import Post, somebody

ROOT = Path(__file__).parents[2]
LEASE_S = 1.0


async def test_a_mail_server_that_was_away_gets_every_mail_once(database: Database, tmp_path: Path) -> None:
    server = SimulatorServer(tmp_path / "messages", "messages", ("smtp",))
    await server.start()
    messages = Messages(http_port=server.ports["http"], smtp_port=server.ports["smtp"])
    post, people = Post(database, messages), [somebody() for _ in range(20)]
    async with post.sending():
        server.kill()
        await server.wait()
        promised = [await post.promise(Mail(to=to, subject="x", text="x")) for to in people]
        await post.until(promised[-1], lambda row: row.attempts > 0)
        await server.start()
        await post.hurry()
        for message_id in promised:
            await post.until(message_id, lambda row: row.state == "sent")
    counts = [len(await messages.all(to=to)) for to in people]
    await server.stop()
    assert counts == [1] * len(people)


async def test_a_process_killed_between_sending_and_noting_sends_twice_at_most(
    database: Database, database_url: str, messages: Messages
) -> None:
    to = somebody()
    post = Post(database, messages)
    await messages.fault("mail", "slow", delay_s=30)
    message_id = await post.promise(Mail(to=to, subject="x", text="x"))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.kit.messages.sending_process"),
        *(database_url, messages.settings["mail_url"], str(LEASE_S)),
        cwd=ROOT,
    )
    await messages.last(to=to)
    process.kill()
    await process.wait()
    assert (await post.row(message_id)).state == "waiting"
    async with post.sending():
        await post.until(message_id, lambda row: row.state == "sent")
    received = await messages.all(to=to)
    assert len(received) == 2
    assert len({one.headers["Message-ID"] for one in received}) == 1
