"""The window of a computer, drawn by a browser instead of Flet's runtime: its program, its screens, the real platform, a game on a real disk."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser

from samovar.embedded.ports import ReservedPort
from samovar.testing.platform import Platform
from tests.client.browser.conftest import HEARD, PASSWORD, WAIT_MS, Client, new_person
from tests.client.browser.developing import caller_of
from tests.client.browser.test_account import signed_up
from tests.journeys.test_publishing import draft, somebody

GIVEN_UP_AFTER_S = 60.0
BETA_PASSWORD = "beta-of-the-kettle"
DESCRIPTION = """
[[launch]]
key = "play"
name = {ru = "Играть", en = "Play"}
run = ["python3", "-B", "play.py"]
platforms = ["linux"]
"""
# It tells that it runs, waits until it may end, and leaves a save.
GAME = """
import os, time
from pathlib import Path
Path(os.environ["SAMOVAR_SAVES"], "slot.sav").write_text("saved")
Path("runs").touch()
while not Path("enough").exists():
    time.sleep(0.05)
"""


async def samovar(*words: object, environment: dict[str, str]) -> None:
    """Run a command that must succeed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "samovar.cli.main", *map(str, words)),
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()


async def pushed(platform: Platform, folder: Path, home: Path) -> tuple[str, str]:
    """Let a developer push a game, and give it to testers by a branch; return its app and its name in addresses."""
    developer = await somebody(platform)
    founded = await developer.ask("POST", "/v1/dev/organizations", json={"name": "Студия окна"})
    await developer.refresh()
    app_id, slug = await draft(platform, developer, founded.body["id"])
    await asyncio.to_thread(_build, folder)
    homes = {"XDG_CONFIG_HOME": str(home / "config"), "XDG_STATE_HOME": str(home / "state")}
    owner = {"SAMOVAR_TOKEN": developer.token, "SAMOVAR_PLATFORM__ORIGIN": platform.url}
    await samovar("push", folder, "--app", app_id, "--yes", environment=owner | homes)
    branches = f"/v1/dev/apps/{app_id}/branches"
    (main,) = (await developer.ask("GET", branches)).body
    beta = {"build_id": main["build_id"], "password": BETA_PASSWORD}
    assert (await developer.ask("PUT", f"{branches}/beta", json=beta)).status == HTTPStatus.OK
    return app_id, slug


class Line:
    """What lies between a computer and the platform; it can be cut."""

    def __init__(self, to: str, port: int) -> None:
        self._to = urlsplit(to)
        self._port = port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def origin(self) -> str:
        """The platform's address on this side."""
        return f"http://127.0.0.1:{self._port}"

    async def lay(self) -> None:
        """Connect."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port)

    async def cut(self) -> None:
        """Cut it: what was connected is not any more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        for writer in self._open:
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far = await asyncio.open_connection(self._to.hostname, self._to.port)
        self._open |= {writer, far}
        await asyncio.gather(_pour(reader, far), _pour(far_reader, writer))
        self._open -= {writer, far}


@asynccontextmanager
async def line_to(platform: Platform) -> AsyncIterator[Line]:
    """Lay a line."""
    port = ReservedPort()
    port.lend()
    line = Line(platform.url, port.number)
    await line.lay()
    try:
        yield line
    finally:
        await line.cut()
        port.release()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def window_of(browser: Browser, platform: Platform, home: Path, origin: str) -> AsyncIterator[Client]:
    """Open the window's program on a machine of its own, and a browser that draws it."""
    port = ReservedPort()
    port.lend()
    environment = {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "LANG": "ru_RU.UTF-8",
        "LC_ALL": "",
        "FLET_FORCE_WEB_SERVER": "true",
        "FLET_SERVER_IP": "127.0.0.1",
        "FLET_SERVER_PORT": str(port.number),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "samovar.cli.main", "desktop", "--origin", origin),
        env=os.environ | environment,
        stdout=asyncio.subprocess.DEVNULL,
    )
    context = await browser.new_context(viewport={"width": 1360, "height": 860})
    await context.add_init_script(HEARD)
    page = await context.new_page()
    opened = Client(page, platform, "window")
    try:
        async with asyncio.timeout(GIVEN_UP_AFTER_S):
            while True:
                try:
                    await page.goto(f"http://127.0.0.1:{environment['FLET_SERVER_PORT']}/sign-in")
                    break
                except Exception:  # noqa: BLE001  It does not listen yet.
                    await asyncio.sleep(0.2)
        await described(opened)
        yield opened
    finally:
        await context.close()
        process.terminate()
        await process.wait()
        port.release()


async def described(client: Client) -> None:
    """Let what is drawn be described, as for somebody who does not see."""
    page = client.page
    await page.wait_for_selector("flt-semantics-placeholder", state="attached", timeout=WAIT_MS)
    await page.wait_for_selector("flutter-view", state="attached", timeout=WAIT_MS)
    await page.evaluate("document.querySelector('flt-semantics-placeholder').click()")


async def test_a_game_is_installed_played_and_removed(
    browser: Browser, platform: Platform, tmp_path: Path
) -> None:
    app_id, slug = await pushed(platform, tmp_path / "build", tmp_path / "studio")
    person = new_person()
    body = {"email": person.email, "password": PASSWORD, "display_name": person.name, "consents": []}
    player = (await platform.request("POST", "/v1/auth/register", json=body)).body
    inside = platform.record["environment"]
    await samovar("library", "grant", player["account_id"], app_id, environment=inside)
    folder = tmp_path / "player" / "Games" / "Samovar" / slug
    async with (
        line_to(platform) as line,
        window_of(browser, platform, tmp_path / "player", line.origin) as client,
    ):
        await client.fill("sign_in.login", person.email)
        await client.fill("sign_in.password", PASSWORD)
        await client.click("sign_in.submit")
        await client.click("nav.library")
        await client.click(f"library.game.{app_id}")
        await client.click("computer.install")
        assert "3\u00a0МБ" in await client.text("computer.install.size")
        await client.picture("window-install")
        await client.click("computer.install.yes")
        await client.see("computer.play")
        assert (folder / "data").stat().st_size == 3_000_000
        await client.picture("window-installed")
        await client.click("computer.play")
        await client.see("computer.playing")
        await platform.until(lambda: _is_there(folder / "runs"), within_s=GIVEN_UP_AFTER_S)
        (folder / "enough").touch()
        await client.see("computer.play")
        saves = await platform.request("GET", f"/v1/library/{app_id}/saves", token=player["access_token"])
        assert [one["path"] for one in saves.body["items"]] == ["slot.sav"]
        await _without_a_connection(client, line, folder, app_id)
        await client.click("nav.downloads")
        await client.see("computer.limit")
        await client.picture("window-downloads")
        await client.page.go_back()
        await client.click("computer.remove")
        await client.click("computer.remove.confirm.yes")
        await client.see("computer.install")
        # What the game has written is the player's.
        assert {one.name for one in folder.iterdir()} == {"runs", "enough"}
        await _from_a_branch(client)


def _build(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "samovar.toml").write_text(DESCRIPTION)
    (folder / "play.py").write_text(GAME)
    (folder / "data").write_bytes(os.urandom(3_000_000))


async def _is_there(file: Path) -> bool:
    return await asyncio.to_thread(file.exists)


async def test_the_queue_of_a_computer_is_led_from_the_web(
    client: Client, platform: Platform, tmp_path: Path
) -> None:
    app_id, _ = await pushed(platform, tmp_path / "build", tmp_path / "studio")
    caller = await caller_of(platform, await signed_up(client))
    inside = platform.record["environment"]
    me = await platform.request("GET", "/v1/auth/me", token=caller.token)
    await samovar("library", "grant", me.body["account_id"], app_id, environment=inside)
    wanted = {"game_id": app_id, "device_id": "pc-kitchen"}
    ordered = await platform.request("POST", "/v1/downloads", token=caller.token, json=wanted)
    row = ordered.body["id"]

    async def is_so(**told: object) -> None:
        async def holds() -> bool:
            (kept,) = (await platform.request("GET", "/v1/downloads", token=caller.token)).body["items"]
            return {name: kept[name] for name in told} == told

        await platform.until(holds, within_s=GIVEN_UP_AFTER_S)

    await client.open("/downloads")
    await client.click(f"downloads.pause.{row}")
    await is_so(state="paused")
    await client.choose("downloads.limit.pc-kitchen", "2\u00a0МБ/с")
    await is_so(limit_bytes_per_s=2_000_000)
    await client.reload()
    assert "2\u00a0МБ/с" in await client.text("downloads.limit.pc-kitchen")
    assert await client.too_wide() == []
    await client.picture("downloads")
    await client.choose("downloads.limit.pc-kitchen", "Без ограничения")
    await is_so(limit_bytes_per_s=None)
    await client.click(f"downloads.resume.{row}")
    await is_so(state="queued")
    # What is over there can be put there once more, from the game itself.
    told = await platform.request("PATCH", f"/v1/downloads/{row}", token=caller.token, json={"state": "done"})
    assert told.status == HTTPStatus.OK, told.body
    await client.open(f"/library/{app_id}")
    await client.picture("library-game-elsewhere")
    await client.click("library_game.install.pc-kitchen")
    await is_so(state="queued")
    await client.click("library_game.queue.pc-kitchen")
    await client.click(f"downloads.drop.{row}")
    await client.see("downloads.empty")


async def _without_a_connection(client: Client, line: Line, folder: Path, app_id: str) -> None:
    """Start the window while the platform is away: what is installed is there, and is played."""
    for file in ("runs", "enough"):
        (folder / file).unlink()
    await line.cut()
    former = client.page
    client.page = await former.context.new_page()
    await former.close()
    await client.page.goto(former.url)
    await described(client)
    await client.click("nav.library")
    await client.see("offline")
    await client.see(f"computer.game.{app_id}")
    await client.picture("window-offline")
    await client.click("computer.play")
    await client.see("computer.playing")
    await client.platform.until(lambda: _is_there(folder / "runs"), within_s=GIVEN_UP_AFTER_S)
    (folder / "enough").touch()
    await client.see("computer.play")
    await line.lay()
    await client.click("library.error.retry")
    await client.click(f"library.game.{app_id}")
    await client.see("computer.play")


async def _from_a_branch(client: Client) -> None:
    """Install what testers get: with a wrong password first."""
    # What draws the window may go and come back.
    await client.page.reload()
    await described(client)
    await client.click("computer.install")
    await client.choose("computer.install.branch", "beta")
    await client.fill("computer.install.password", "a wrong one")
    await client.picture("window-branch")
    await client.click("computer.install.yes")
    await client.see("computer.failed")
    await client.picture("window-branch-refused")
    await client.click("computer.remove")
    await client.click("computer.remove.confirm.yes")
    await client.click("computer.install")
    await client.choose("computer.install.branch", "beta")
    await client.fill("computer.install.password", BETA_PASSWORD)
    await client.click("computer.install.yes")
    await client.see("computer.play")
