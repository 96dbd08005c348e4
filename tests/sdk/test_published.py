"""Our three games from a developer's folder to a player's machine, with the real download service and the real library behind one address.

Pushed, owned, pulled, launched, achieved, saved, updated by the difference alone, damaged, repaired, and played on.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from samovar.cli.main import main
from samovar.demo.games.building import SLUGS, Version, build, page_of
from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.kit.clock import SystemClock
from samovar.kit.ids import new_id
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.settings import Secret
from samovar.services.catalog.contract.v1_pb2_grpc import add_AppsServicer_to_server
from samovar.services.download.app import service as download_service
from samovar.services.library.app import service as library_service
from samovar.services.library.licences.use_cases import Licences
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer
from tests.sdk.conftest import own_nats_url
from tests.services.developer.bureau import Anybody
from tests.services.download.depot import AppsPeer, Depot, LicencesPeer
from tests.services.library.achievements import studio as defining
from tests.services.library.licences.grants import wanted

__all__ = ["own_nats_url"]
HOPS = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}


class Front:
    """One address before both services, as the gateway is; counts what of content goes out."""

    def __init__(self, depot: Depot, library: Running) -> None:
        self.depot = depot
        self.library = library
        self.origin = ""
        self.content_bytes = 0
        self._session = aiohttp.ClientSession(auto_decompress=False)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=32 * 1_048_576)
        app.router.add_get("/v1/games/{id}", self._game)
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    async def _game(self, request: web.Request) -> web.Response:
        """Answer for catalog, of which nothing else is asked."""
        return web.json_response({"id": request.match_info["id"]})

    async def _pass_on(self, request: web.Request) -> web.Response:
        owner = self.library if request.path.startswith("/v1/library") else self.depot.download
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOPS}
        url = f"http://{owner.host.rest_address}{request.raw_path}"
        body = await request.read()
        async with self._session.request(request.method, url, data=body or None, headers=headers) as answer:
            content = await answer.read()
            if "/content/" in request.path:
                self.content_bytes += len(content)
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOPS}
            return web.Response(status=answer.status, body=content, headers=kept)


@pytest.fixture(scope="module")
async def front(
    postgres: PostgresServer,
    redis_url: str,
    own_nats_url: str,
    issuer: Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Front]:
    secret = os.urandom(16).hex()
    apps = AppsPeer()
    catalog = RpcServer(secret=Secret(secret), verifier=Anybody())
    catalog.host("catalog", Rpc(add_AppsServicer_to_server, lambda: apps), {})
    address = f"127.0.0.1:{await catalog.start('127.0.0.1:0')}"
    stores = tmp_path_factory.mktemp("stores")
    servers = {"postgres": postgres, "redis_url": redis_url, "issuer": issuer, "rpc_secret": secret}
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_download")) as nats,
        running(
            library_service,
            **servers,  # type: ignore[arg-type]  # each of its own type
            nats_url=own_nats_url,
            key_secret="a secret of keys, for tests alone",
            saves_store=str(stores / "saves"),
        ) as library,
        running(
            download_service,
            **servers,  # type: ignore[arg-type]
            nats_url=nats.url,
            peers={"catalog": address, "library": library.host.rpc_address},
            secret="a secret of the depot, for tests alone",
            builds_store=str(stores / "builds"),
        ) as download,
    ):
        unasked = LicencesPeer()  # type: ignore[abstract]
        depot = Depot(download, apps, unasked, tmp_path_factory.mktemp("folders"), stores)
        started = Front(depot, library)
        await started.start()
        yield started
        await started.stop()
    await catalog.drain(1.0)


def _files(slug: str, folder: Path, version: Version) -> dict[str, bytes]:
    files = build(slug, folder, version=version)
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


@pytest.mark.parametrize("slug", SLUGS)
async def test_a_game_goes_from_its_developer_to_a_player(
    slug: str, front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = await front.depot.studio()
    page = page_of(slug)
    definer = defining.Studio(front.library)
    definer.app_id, definer.path = studio.app_id, f"/v1/dev/apps/{studio.app_id}/achievements"
    await definer.found(definer.organisation_id)
    assert (await definer.define(*page.achievements, stats=page.stats)).status == 200
    player_id, game = new_id(), tmp_path / "game"
    licences = Licences(front.library.database, clock=SystemClock(), new_id=new_id)
    await licences.grant(wanted(account_id=player_id, app_ids=(studio.app_id,)))
    monkeypatch.setenv("SAMOVAR_ORIGIN", front.origin)
    monkeypatch.setenv("SAMOVAR_TOKEN", front.library.issuer.token(account_id=player_id))
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))

    async def samovar(*words: object) -> int:
        return await asyncio.to_thread(main, [str(word) for word in words])

    await studio.branch(await studio.push(_files(slug, tmp_path / "source", 1)))
    assert await samovar("pull", studio.app_id, game) == 0
    first_bytes, front.content_bytes = front.content_bytes, 0
    assert await samovar("play", game, "--option", "headless") == 0
    had = {key for key, one in (await definer.shown(player_id)).items() if one["unlocked_at"]}
    assert had
    saved = await front.library.request("GET", f"/v1/library/{studio.app_id}/saves", account_id=player_id)
    assert len(saved.body["items"]) == 1

    await studio.branch(await studio.push(_files(slug, tmp_path / "source", 2)))
    assert await samovar("pull", studio.app_id, game) == 0
    # The file that is new, and little besides.
    assert front.content_bytes < first_bytes / 2
    assert all((game / SLUGS[slug] / name).exists() for name in page.later)
    assert await samovar("play", game, "--option", "headless") == 0

    assert await samovar("verify", game) == 0
    (game / "samovar" / "sdk" / "game.py").write_bytes(b"raise SystemExit(1)")
    (game / SLUGS[slug] / "__init__.py").unlink()
    assert await samovar("verify", game) != 0
    assert await samovar("repair", game) == 0
    assert await samovar("verify", game) == 0
    assert await samovar("play", game, "--option", "headless") == 0
    still = {key for key, one in (await definer.shown(player_id)).items() if one["unlocked_at"]}
    assert still >= had
