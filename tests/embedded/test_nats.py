"""NATS: what it acknowledged is there after `kill -9`."""

import asyncio
import os
import signal
from pathlib import Path

import nats
import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.process import FolderBusy


async def test_an_acknowledged_message_survives_kill_9(folder: Path) -> None:
    async with NatsServer(folder) as server:
        client = await nats.connect(server.url, reconnect_time_wait=0.05, max_reconnect_attempts=200)
        stream = client.jetstream()
        await stream.add_stream(name="auth", subjects=["samovar.auth.>"])
        await stream.publish("samovar.auth.v1.account_registered", b"{}")
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        await server.wait()
        await server.start()
        await client.close()
        client = await nats.connect(server.url)
        assert (await client.jetstream().stream_info("auth")).state.messages == 1
        await client.close()


async def test_a_message_is_on_the_disk_before_it_is_acknowledged(folder: Path) -> None:
    async with NatsServer(folder):
        assert "sync_interval: always" in (folder / "nats.conf").read_text("utf-8")


async def test_nobody_gets_in_without_the_password(nats_url: str) -> None:
    port = int(nats_url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"CONNECT {}\r\nPING\r\n")
    assert b"Authorization Violation" in await reader.read()
    writer.close()
    await writer.wait_closed()


async def test_a_second_server_in_the_same_folder_is_refused(folder: Path) -> None:
    async with NatsServer(folder):
        with pytest.raises(FolderBusy):
            await NatsServer(folder).start()
