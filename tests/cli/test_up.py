"""`samovar up` as a person runs it: real servers, real services, `kill -9` of each and of itself."""

import asyncio
import json
import os
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from samovar.cli import up as command
from samovar.cli.supervision.supervisor import MARK
from samovar.embedded.leftovers import alive
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.process import http_status
from samovar.simulators.money.settings import developer_settings_of, settings_of

READY_WITHIN_S = 90.0
BACK_WITHIN_S = 30.0


class Up:
    """One `samovar up` in a process of its own."""

    def __init__(self, state: Path, process: asyncio.subprocess.Process) -> None:
        self.state = state
        self.process = process

    @property
    def record(self) -> dict[str, Any]:
        """What it says of itself; empty before it says anything."""
        file = self.state / "up.json"
        return json.loads(file.read_text("utf-8")) if file.exists() else {}

    @property
    def pids(self) -> dict[str, int]:
        return {name: process["pid"] for name, process in self.record["processes"].items()}

    def port(self, name: str) -> int:
        port: int = self.record["processes"][name]["port"]
        return port

    async def until(self, condition: Callable[[], bool], within_s: float) -> None:
        deadline = time.monotonic() + within_s
        while not condition():
            if self.process.returncode is not None or time.monotonic() > deadline:
                log = self.state / "logs" / "samovar.log"
                pytest.fail(log.read_text("utf-8") if log.exists() else "it never came to pass")
            await asyncio.sleep(0.05)

    async def stopped(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; nothing may be left then."""
        pids = self.pids.values()
        self.process.send_signal(number)
        code = await self.process.wait()
        deadline = time.monotonic() + BACK_WITHIN_S
        while any(alive(pid) for pid in pids):
            assert time.monotonic() < deadline, "processes were left behind"
            await asyncio.sleep(0.05)
        return code


async def spawn(state: Path, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
    words = ("-m", "samovar.cli.main", "up", "--state", str(state), *arguments)
    if "--port" not in arguments:
        words += ("--port", "0")
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        env=os.environ | {"SAMOVAR_UP__DEMO": "false"} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )


@asynccontextmanager
async def running(state: Path, *arguments: str, **environment: str) -> AsyncIterator[Up]:
    process = await spawn(state, "--no-follow", *arguments, **environment)
    up = Up(state, process)
    try:
        await up.until(lambda: up.record.get("phase") == "ready", READY_WITHIN_S)
        yield up
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def refusal(state: Path, *arguments: str, **environment: str) -> str:
    """Return the one sentence with which it refuses to start."""
    process = await spawn(state, "--no-follow", *arguments, **environment)
    _, said = await process.communicate()
    assert process.returncode == 1
    (sentence,) = said.decode().splitlines()
    return sentence


@pytest.fixture
def servers(postgres: PostgresServer, redis_url: str, nats_url: str) -> dict[str, str]:
    """Return the settings that name servers which run already."""
    return {
        "SAMOVAR_UP__POSTGRES_URL": postgres.admin_url,
        "SAMOVAR_UP__ENVOY": "none",
        "SAMOVAR_PLATFORM__REDIS_URL": redis_url,
        "SAMOVAR_PLATFORM__NATS_URL": nats_url,
    }


@pytest.fixture(scope="module")
async def up(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Up]:
    """One that runs auth, in a folder with a name that breaks what quotes badly."""
    async with running(tmp_path_factory.mktemp("up") / "мой дом", "--only", "auth") as one:
        yield one
        assert await one.stopped(signal.SIGTERM) == 0
        assert one.record == {}


async def test_the_record_leads_to_everything_that_runs(up: Up) -> None:
    record = up.record
    assert record["pid"] == up.process.pid
    assert set(record["processes"]) == {
        *("postgresql", "redis", "nats", "messages", "identity", "money"),
        *("auth", "gateway", "envoy"),
    }
    assert await http_status(up.port("auth"), "/readyz") == 200
    assert await http_status(record["port"], "/healthz") == 200
    database = await asyncpg.connect(record["environment"]["SAMOVAR_AUTH__DATABASE_URL"])
    assert await database.fetchval("SELECT count(*) FROM kit.migrations") > 0
    await database.close()
    logs = sorted((up.state / "logs").glob("*.log"))
    assert {"auth", "nats", "postgresql", "redis", "samovar"} <= {log.stem for log in logs}


def test_secrets_are_for_their_owner_only(up: Up) -> None:
    assert {(up.state / name).stat().st_mode & 0o077 for name in (".", "up.json", "secrets/rpc")} == {0}


async def test_a_second_one_in_the_same_folder_is_refused(up: Up) -> None:
    sentence = await refusal(up.state)
    assert sentence.startswith(f"samovar up: another `samovar up` (process {up.process.pid}) runs with")


async def test_a_taken_port_is_refused_and_its_owner_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        sentence = await refusal(tmp_path, "--port", port)
    assert sentence.startswith(f"samovar up: port {port} is taken by ")
    assert f"(process {os.getpid()})" in sentence


@pytest.mark.parametrize("name", ["auth", "postgresql", "redis", "nats", "messages", "envoy"])
async def test_what_was_killed_comes_back_on_its_port(up: Up, name: str) -> None:
    pid, port = up.pids[name], up.port(name)
    os.kill(pid, signal.SIGKILL)
    await up.until(lambda: up.pids[name] not in {pid, None}, BACK_WITHIN_S)
    assert up.port(name) == port
    assert await http_status(up.record["port"], "/healthz") == 200
    said = (up.state / "logs" / "samovar.log").read_text("utf-8")
    assert "was killed by SIGKILL; starting it again" in said


async def test_killing_it_leaves_nothing_and_the_next_one_starts(up: Up, tmp_path: Path) -> None:
    """While another one runs: they do not see each other."""
    async with running(tmp_path, "--only", "account") as first:
        await first.stopped(signal.SIGKILL)
    # What the kernel's signal cannot reach: a child of a service, say.
    orphan = await asyncio.create_subprocess_exec("sleep", "600", env=os.environ | {MARK: str(tmp_path)})
    stranger = await asyncio.create_subprocess_exec("sleep", "600", cwd=tmp_path)
    async with running(tmp_path, "--only", "account"):
        assert await orphan.wait() == -signal.SIGKILL
        assert alive(stranger.pid)
        assert up.process.returncode is None
    stranger.kill()
    await stranger.wait()


async def test_the_outside_world_is_played_only_where_it_is_not_set(
    tmp_path: Path, servers: dict[str, str]
) -> None:
    outside = {
        "SAMOVAR_PLATFORM__MAIL_URL": "smtp://127.0.0.1:1?tls=none",
        "SAMOVAR_PLATFORM__PHONE_GATEWAY_URL": "http://token@127.0.0.1:1",
        "SAMOVAR_AUTH__PROVIDERS": "{}",
    }
    outside |= {
        f"SAMOVAR_PAYMENT__{name.upper()}": value for name, value in settings_of("http://127.0.0.1:1").items()
    }
    outside |= {
        f"SAMOVAR_DEVELOPER__{name.upper()}": value
        for name, value in developer_settings_of("http://127.0.0.1:1").items()
    }
    async with running(tmp_path, "--single", "--only", "catalog", **servers, **outside) as one:
        assert set(one.pids) == {"services"}
        assert not set(outside) & set(one.record["environment"])


async def test_in_production_nothing_is_simulated(tmp_path: Path, servers: dict[str, str]) -> None:
    servers |= {"SAMOVAR_PLATFORM__ENVIRONMENT": "production"}
    async with running(tmp_path, "--single", "--only", "catalog", **servers) as one:
        assert set(one.pids) == {"services"}


async def test_one_process_can_hold_all_services_on_servers_that_are_there_already(
    tmp_path: Path, servers: dict[str, str]
) -> None:
    async with running(tmp_path, "--single", "--only", "account,catalog", **servers) as one:
        assert set(one.pids) == {"services", "messages", "identity", "money"}
        assert await http_status(one.port("services"), "/readyz") == 200


async def test_a_service_that_cannot_start_stops_the_rest_and_says_why(
    tmp_path: Path, servers: dict[str, str]
) -> None:
    sentence = await refusal(tmp_path, "--only", "account", **servers, SAMOVAR_ACCOUNT__NONSENSE="1")
    assert "SAMOVAR_ACCOUNT__NONSENSE: the section 'account' has no setting 'nonsense'" in sentence


async def test_a_postgresql_that_is_not_there_is_said(tmp_path: Path, servers: dict[str, str]) -> None:
    servers |= {"SAMOVAR_UP__POSTGRES_URL": "postgresql://admin:x@127.0.0.1:1/postgres"}
    sentence = await refusal(tmp_path, "--only", "account", **servers)
    assert sentence.startswith("samovar up: the database of account cannot be prepared: ")


async def test_a_database_named_in_the_configuration_file_is_taken(
    tmp_path: Path, servers: dict[str, str]
) -> None:
    file = tmp_path / "samovar.toml"
    file.write_text('[account]\ndatabase_url = "postgresql://nobody:x@127.0.0.1:1/x"\n', "utf-8")
    sentence = await refusal(tmp_path, "--only", "account", **servers, SAMOVAR_CONFIG=str(file))
    assert sentence.startswith("samovar up: the database of account cannot be prepared: ")


async def test_lines_carry_the_name_of_who_wrote_them(tmp_path: Path, servers: dict[str, str]) -> None:
    process = await spawn(tmp_path, "--only", "account", **servers)
    assert process.stdout
    while not (line := await process.stdout.readline()).startswith(b"account"):
        assert line, "it stopped"
    process.send_signal(signal.SIGINT)
    said, _ = await process.communicate()
    assert process.returncode == 0
    assert b"stopped" in said.splitlines()[-1]


async def test_an_unknown_service_is_refused(tmp_path: Path) -> None:
    assert "there is no service 'samovarr'; there are: " in await refusal(tmp_path, "--only", "samovarr")


def test_too_little_room_on_the_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "DISK_FREE_BYTES_MIN", 10**18)
    parser = ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(["--state", str(tmp_path / "state")])) == 1
    assert "MB free, and 1000000000000 MB are needed" in capsys.readouterr().err
