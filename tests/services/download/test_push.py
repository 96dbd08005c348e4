"""`samovar push` against the service: only what is lacking travels, broken off it goes on, and it says why an update is large."""

import argparse
import asyncio
import io
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from samovar.cli import push
from samovar.cli.push.keys import read_key
from samovar.cli.push.platform import PushFailed, Refused
from samovar.cli.push.uploading import Pushed
from samovar.kit.identity import RoleGrant
from tests.services.download.depot import Depot, Files, Studio, write

MIB = 1024 * 1024


class Gate:
    """What stands before the service: catalog's answer about the app, and a network that fails when a test says so.

    Attributes:
        fails: Of the packs to come so many are answered 503 after they have arrived, as when an answer is lost.
        breaks_after: When so many packs are in the store, further ones are refused; none: never.
        packs: How many packs the service has answered.
    """

    def __init__(self, depot: Depot, studio: Studio) -> None:
        self.fails = 0
        self.breaks_after: int | None = None
        self.packs = 0
        self.origin = ""
        self._arrived = 0
        self._broken = asyncio.Event()
        self._upstream = f"http://{depot.download.host.rest_address}"
        self._studio = studio

    async def answer(self, request: web.Request) -> web.Response:
        """Answer as catalog, or pass it on."""
        app = f"/v1/dev/apps/{self._studio.app_id}"
        if (request.method, request.path) == ("GET", app):
            return web.json_response({"organisation_id": str(self._studio.organisation_id)})
        body = await request.read()
        is_pack = "/packs/" in request.path
        self._arrived += is_pack
        if is_pack and self.breaks_after is not None and self._arrived > self.breaks_after:
            await self._broken.wait()
            return web.json_response({"code": "test.broken", "title": "broken"}, status=400)
        headers = {
            name: request.headers[name]
            for name in ("Authorization", "Content-Type")
            if name in request.headers
        }
        async with (
            ClientSession() as session,
            session.request(
                request.method,
                self._upstream + request.path_qs,
                headers=headers,
                data=io.BytesIO(body) if body else None,
            ) as answer,
        ):
            content = await answer.read()
            self.packs += is_pack
            if self.packs == self.breaks_after:
                self._broken.set()
            if is_pack and self.fails:
                self.fails -= 1
                return web.Response(status=503, headers={"Retry-After": "0"})
            return web.Response(status=answer.status, body=content, content_type=answer.content_type)


class Desk:
    """A developer's machine."""

    def __init__(self, studio: Studio, gate: Gate, folder: Path) -> None:
        self.studio = studio
        self.gate = gate
        self.folder = folder

    async def push(self, files: Files, *words: str) -> Pushed:
        """Push files as the command does."""
        source = write(self.folder / str(random.getrandbits(64)), files)
        return await self.again(source, *words)

    async def again(self, source: Path, *words: str) -> Pushed:
        """Push a folder."""
        parser = argparse.ArgumentParser()
        push.add_arguments(parser)
        told = ["--app", str(self.studio.app_id), "--origin", self.gate.origin, "--yes", *words]
        return await push.push(parser.parse_args([str(source), *told]))


@pytest.fixture
async def desk(depot: Depot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    studio = Studio(depot, tmp_path)
    gate = Gate(depot, studio)
    application = web.Application(client_max_size=64 * MIB)
    application.router.add_route("*", "/{path:.*}", gate.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    gate.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    token = depot.download.issuer.token(
        account_id=studio.account_id,
        roles=("player", "developer"),
        grants=(RoleGrant.parse(f"editor@{studio.organisation_id}"),),
    )
    for name in ("SAMOVAR_API_KEY", "SAMOVAR_BRANCH_PASSWORD", "SAMOVAR_BUILD_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SAMOVAR_TOKEN", token)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield Desk(studio, gate, tmp_path)
    await runner.cleanup()


def noise(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


ONE = {"игра/data.bin": noise(11, 6 * MIB), "readme.txt": b"one", "пусто": b""}
TWO = ONE | {
    "игра/data.bin": ONE["игра/data.bin"][: 2 * MIB] + noise(12, 100_000) + ONE["игра/data.bin"][2 * MIB :]
}


async def test_a_folder_is_pushed_and_played(desk: Desk, depot: Depot) -> None:
    pushed = await desk.push(ONE)
    assert (pushed.number, pushed.is_live) == (1, True)
    player = depot.player(desk.studio)
    assert await player.take() == ONE
    player.fetched_bytes = 0
    update = await desk.push(TWO)
    assert update.sent_bytes < MIB
    assert await player.take() == TWO
    assert player.fetched_bytes < MIB
    assert (await desk.push(TWO)).sent_bytes == 0


async def test_the_update_is_explained_before_it_goes_live(
    desk: Desk, depot: Depot, capsys: pytest.CaptureFixture[str]
) -> None:
    await desk.push(ONE)
    capsys.readouterr()
    held = await desk.push(TWO, "--hold")
    said = capsys.readouterr().out
    assert not held.is_live
    assert "an update from the build that the branch gives now" in said
    assert "игра/data.bin" in said
    assert await depot.player(desk.studio).take() == ONE


async def test_answers_that_are_lost_are_asked_for_again(desk: Desk, depot: Depot) -> None:
    desk.gate.fails = 2
    await desk.push(ONE)
    assert desk.gate.packs >= 4
    assert await depot.player(desk.studio).take() == ONE


async def test_what_was_broken_off_goes_on(desk: Desk, depot: Depot) -> None:
    files = ONE | {"more.bin": noise(13, 30 * MIB // 4)}
    source = write(desk.folder / "game", files)
    desk.gate.breaks_after = 1
    with pytest.raises(Refused, match=r"test\.broken"):
        await desk.again(source)
    desk.gate.breaks_after = None
    pushed = await desk.again(source)
    assert 0 < pushed.sent_bytes < sum(map(len, files.values())) - 4 * MIB
    builds = await desk.studio.ask("GET", f"/v1/dev/apps/{desk.studio.app_id}/builds")
    assert [one["state"] for one in builds.body["items"]] == ["ready"]
    assert await depot.player(desk.studio).take() == files


async def test_a_revoked_key_signs_nothing_new(desk: Desk, depot: Depot) -> None:
    await desk.push({"a": b"a"})
    key = desk.folder / "config" / "samovar" / "build-key.pem"
    assert key.stat().st_mode & 0o077 == 0
    [known] = (
        await desk.studio.ask("GET", f"/v1/dev/organizations/{desk.studio.organisation_id}/build-keys")
    ).body
    await desk.studio.ask(
        "DELETE", f"/v1/dev/organizations/{desk.studio.organisation_id}/build-keys/{known['id']}"
    )
    with pytest.raises(PushFailed, match="was revoked"):
        await desk.push({"a": b"b"})
    assert await depot.player(desk.studio).take() == {"a": b"a"}


async def test_a_key_signs_for_one_organisation_and_the_next_needs_its_own(
    desk: Desk, depot: Depot, tmp_path: Path
) -> None:
    key, other = desk.folder / "shared.pem", Studio(depot, tmp_path)
    await desk.push({"a": b"a"}, "--key", str(key))
    other.key = read_key(key)
    assert (await other.add_key()).status == 404
    path = f"/v1/dev/organizations/{desk.studio.organisation_id}/build-keys"
    foreign = desk.folder / "foreign.pem"
    other.key = read_key(foreign)
    assert (await other.add_key()).status == 201
    with pytest.raises(PushFailed, match="another organisation: use another one for this, --key FILE"):
        await desk.push({"a": b"b"}, "--key", str(foreign))
    assert len((await desk.studio.ask("GET", path)).body) == 1
    assert (await desk.push({"a": b"b"}, "--key", str(desk.folder / "new.pem"))).number == 2


async def test_a_branch_of_its_own_gets_its_own_build(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.push({"a": b"a"})
    monkeypatch.setenv("SAMOVAR_BRANCH_PASSWORD", "тайное слово")
    pushed = await desk.push({"a": b"b"}, "--branch", "beta", "--note", "проба")
    player = desk.studio.depot.player(desk.studio)
    assert await player.take() == {"a": b"a"}
    wrong = await player.order(branch="beta", branch_password="другое слово")
    assert (wrong.status, wrong.body["code"]) == (403, "download.branch_password_wrong")
    assert await player.take(branch="beta", branch_password="тайное слово") == {"a": b"b"}
    assert player.build_id == pushed.build_id


async def test_what_cannot_be_pushed_is_said_and_changes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PushFailed, match="is not a folder"):
        await desk.again(desk.folder / "nowhere")
    nothing = desk.folder / "key.pem"
    nothing.write_bytes(b"no key")
    with pytest.raises(PushFailed, match="the build key"):
        await desk.push({"a": b"a"}, "--key", str(nothing))
    monkeypatch.delenv("SAMOVAR_TOKEN")
    with pytest.raises(PushFailed, match="SAMOVAR_API_KEY"):
        await desk.push({"a": b"a"})
    builds = await desk.studio.ask("GET", f"/v1/dev/apps/{desk.studio.app_id}/builds")
    assert builds.body["items"] == []
