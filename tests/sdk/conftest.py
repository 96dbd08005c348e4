"""The SDK beside the real library, which hears of play, saves and progress as from any client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from uuid import UUID, uuid4

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.kit.clock import SystemClock
from samovar.kit.ids import new_id
from samovar.sdk.api import Api, FixedToken
from samovar.sdk.play import PlayTime
from samovar.sdk.saves.folder import SavesFolder
from samovar.sdk.saves.syncing import CloudSaves
from samovar.sdk.state import State
from samovar.services.library.app import service
from samovar.services.library.licences.use_cases import Licences
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer
from tests.services.library.licences.grants import wanted


class Hours:
    """A clock that a test moves; what it shows lies in the past, so that all of it can have been played."""

    def __init__(self, hours_ago: float = 20) -> None:
        self.shown = datetime.now(UTC) - timedelta(hours=hours_ago)
        self.passed_s = 0.0

    def now(self) -> datetime:
        return self.shown + timedelta(seconds=self.passed_s)

    def monotonic(self) -> float:
        return self.passed_s

    def pass_minutes(self, minutes: float) -> None:
        self.passed_s += minutes * 60


class Wire:
    """The way to the library: a listener that passes bytes on while it is plugged in, and breaks connections when it is not."""

    def __init__(self, target: str) -> None:
        self._host, _, self._port = target.rpartition(":")
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.is_plugged = True
        self.origin = ""
        self.swallowed = b""
        self._loses = False

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.origin = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.unplug()
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    def unplug(self) -> None:
        self.is_plugged = False
        for writer in self._writers:
            writer.transport.abort()

    def plug(self) -> None:
        self.is_plugged = True

    def lose_answer_to(self, start: bytes) -> None:
        """Let the next request that begins so arrive, and cut the wire before its answer."""
        self.swallowed = start

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.is_plugged:
            writer.transport.abort()
            return
        there_reader, there = await asyncio.open_connection(self._host, int(self._port))
        self._writers |= {writer, there}
        await asyncio.gather(self._pump(reader, there), self._pump(there_reader, writer))

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while chunk := await source.read(65_536):
                if self.swallowed and chunk.startswith(self.swallowed):
                    self.swallowed, self._loses = b"", True
                elif self._loses and chunk.startswith(b"HTTP/1.1"):
                    self._loses = False
                    self.unplug()
                    return
                target.write(chunk)
                await target.drain()
        except OSError:
            pass
        finally:
            target.close()


class Device:
    """One machine of a player: its state, its folder, its way to the platform."""

    def __init__(
        self, folder: Path, api: Api, game_id: UUID, name: str, stack: ExitStack, clock: Hours
    ) -> None:
        self.folder = folder
        self.api = api
        self.clock = clock
        self.state = stack.enter_context(State(folder / "state"))
        self.saves_folder = folder / "saves"
        self.saves = CloudSaves(
            api, self.state, SavesFolder(self.saves_folder), game_id=game_id, device_id=name
        )
        self.play = PlayTime(api, self.state, game_id=game_id, device_id=name, clock=clock, new_id=new_id)

    def write(self, path: str, content: bytes) -> None:
        file = self.saves_folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def read(self, path: str) -> bytes | None:
        file = self.saves_folder / path
        return file.read_bytes() if file.exists() else None


class Player:
    """A player who owns a game for a month."""

    def __init__(self, library: Running, wire: Wire, tmp_path: Path) -> None:
        self.library = library
        self.wire = wire
        self.account_id, self.game_id = uuid4(), new_id()
        self.clock = Hours()
        self.stack = ExitStack()
        self.apis: list[Api] = []
        self._folder = tmp_path

    def token(self) -> str:
        return self.library.issuer.token(account_id=self.account_id)

    def device(self, name: str, *, folder: str | None = None) -> Device:
        api = Api(self.wire.origin, FixedToken(self.token()), timeout_s=10)
        self.apis.append(api)
        return Device(self._folder / (folder or name), api, self.game_id, name, self.stack, self.clock)

    async def played(self) -> tuple[int, list[str]]:
        """Return the minutes that count, and how each session ended."""
        game = await self.library.request("GET", f"/v1/library/{self.game_id}", account_id=self.account_id)
        rows = await self.library.database.fetch_value(
            "SELECT coalesce(array_agg(coalesce(end_reason, 'live') ORDER BY started_at, id), '{}')"
            " FROM play_sessions WHERE account_id = $1",
            self.account_id,
        )
        return game.body["play_minutes"], list(rows)


@pytest.fixture(scope="module")
async def own_nats_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    async with NatsServer(tmp_path_factory.mktemp("nats")) as server:
        yield server.url


@pytest.fixture(scope="module")
async def library(
    postgres: PostgresServer,
    redis_url: str,
    own_nats_url: str,
    issuer: Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Running]:
    async with running(
        service,
        postgres=postgres,
        redis_url=redis_url,
        nats_url=own_nats_url,
        issuer=issuer,
        key_secret="a secret of keys, for tests alone",
        saves_store=str(tmp_path_factory.mktemp("saves")),
    ) as started:
        yield started


@pytest.fixture
async def player(library: Running, tmp_path: Path) -> AsyncIterator[Player]:
    async with Wire(library.host.rest_address) as wire:
        started = Player(library, wire, tmp_path)
        licences = Licences(library.database, clock=SystemClock(), new_id=new_id)
        licence, _ = await licences.grant(wanted(account_id=started.account_id, app_ids=(started.game_id,)))
        async with library.database.transaction() as tx:
            for table, key in (("licences", "id"), ("licence_apps", "licence_id")):
                await tx.execute(
                    f"UPDATE {table} SET granted_at = granted_at - interval '20 days' WHERE {key} = $1",
                    licence.id,
                )
        yield started
        started.stack.close()
        for api in started.apis:
            await api.close()
