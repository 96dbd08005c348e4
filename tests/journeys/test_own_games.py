"""A game of our own goes through the whole platform: published, bought, pulled, played, saved, updated, repaired, given back; only commands and the API."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import pytest

from samovar.demo.games.building import build, page_of
from samovar.demo.releases import Releases
from samovar.demo.store import Store
from samovar.testing.money import SimulatedMoney
from samovar.testing.platform import Platform
from tests.journeys.market import Buyer, Good, Market
from tests.journeys.test_publishing import Person, inside, somebody
from tests.services.catalog.pages import name_terms

SLUG = "tea-line"
GIVEN_UP_AFTER_S = 120.0
CLAIM = {"legal_form": "company", "inn": "7728168971", "legal_name": "ООО «Витрина»"}
TERMS: dict[Literal["genre", "tag"], list[str]] = {"genre": page_of(SLUG).genres, "tag": page_of(SLUG).tags}
FETCHED = re.compile(r"([0-9.]+) (B|kB) fetched")


class Machine:
    """A machine of somebody, with the commands of `samovar` on it."""

    def __init__(self, platform: Platform, home: Path, token: str) -> None:
        known = {name: value for name, value in os.environ.items() if not name.startswith("SAMOVAR_")}
        homes = {name: str(home / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
        self._environment = known | homes | {"SAMOVAR_TOKEN": token, "LANG": "en_GB.UTF-8"}
        self._environment |= {"SAMOVAR_ORIGIN": platform.url, "SAMOVAR_PLATFORM__ORIGIN": platform.url}

    async def run(self, *words: object) -> tuple[int, str]:
        """Run a command; return its exit code and all that it said."""

        def run() -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-m", "samovar.cli.main", *map(str, words)],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )

        done = await asyncio.to_thread(run)
        return done.returncode, done.stdout

    async def do(self, *words: object) -> str:
        """Run a command that must succeed."""
        code, said = await self.run(*words)
        assert code == 0, said
        return said


async def published(platform: Platform, owner: Person, moderator: Person, folder: Path, *, times: int) -> str:
    """Publish the game as the showcase does, so many times over."""
    founded = await owner.ask("POST", "/v1/dev/organizations", json={"name": "Витрина"})
    assert founded.status == 201, founded.body
    await owner.refresh()
    path = f"/v1/dev/organizations/{founded.body['id']}"
    assert (await owner.ask("PUT", f"{path}/legal", json=CLAIM)).status == 202
    async with inside(platform, "catalog") as database:
        for kind, slugs in TERMS.items():
            await name_terms(database, kind, *slugs)
    tokens = {"owner": owner.token, "moderator": moderator.token}
    with Store(platform.url) as store:

        def ask(login: str, method: str, path: str, body: object = None) -> Any:
            return store.ask(method, path, body, token=tokens[login], allow=(409,)).body

        releases = Releases(
            ask, folder, owner="owner", moderator="moderator", organisation_id=founded.body["id"]
        )
        told = [await asyncio.to_thread(releases.publish, SLUG, owner.token) for _ in range(times)]
    assert len(set(told)) == 1
    return told[0]


async def bought(platform: Platform, app_id: str, buyer: Buyer) -> str:
    """Buy the game with the simulator of payments, and return the order."""
    market = Market(platform)

    async def for_sale() -> bool:
        page = (await platform.request("GET", f"/v1/games/{SLUG}")).body
        return bool(page.get("packages"))

    await platform.until(for_sale, within_s=GIVEN_UP_AFTER_S)
    page = (await platform.request("GET", f"/v1/games/{SLUG}")).body
    good = Good(UUID(app_id), UUID(page["packages"][0]["id"]))
    quoted = await market.quote(buyer, good)
    assert quoted.status == 201, quoted.body
    placed = await market.order(buyer, quoted.body, method="sbp")
    assert placed.status == 201, placed.body
    money = SimulatedMoney(f"http://127.0.0.1:{platform.record['processes']['money']['port']}")
    url = placed.body["confirmation"]["url"]
    (mine,) = [one["id"] for one in await money.payments() if one["id"] in url]
    await money.pay(mine)

    async def fulfilled() -> bool:
        return bool((await market.show(buyer, placed.body["id"]))["status"] == "fulfilled")

    await platform.until(fulfilled, within_s=GIVEN_UP_AFTER_S)
    return str(placed.body["id"])


async def given_back(platform: Platform, buyer: Buyer, order_id: str) -> None:
    """Ask for the money back, and wait until the game is gone."""
    asked = await platform.request(
        "POST",
        f"/v1/orders/{order_id}/refunds",
        token=buyer.token,
        json={"reason": "не то"},
        headers={"Idempotency-Key": f"refund-{order_id}"},
    )
    assert asked.status in {200, 201, 202}, asked.body

    async def gone() -> bool:
        return not await Market(platform).owned(buyer)

    await platform.until(gone, within_s=GIVEN_UP_AFTER_S)


def fetched_bytes(said: str) -> float:
    """Return how much was fetched, as `samovar pull` says."""
    found = FETCHED.search(said)
    assert found, said
    return float(found[1]) * (1_000 if found[2] == "kB" else 1)


async def test_a_game_of_ours_goes_from_its_developer_to_a_player_and_back(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As for the showcase, whose commands find the platform so.
    monkeypatch.setenv("SAMOVAR_PLATFORM__ORIGIN", platform.url)
    owner, moderator = await somebody(platform), await somebody(platform, "moderator")
    studio = tmp_path / "studio"
    studio.mkdir()
    app_id = await published(platform, owner, moderator, studio, times=2)
    came = await platform.register()
    buyer = Buyer(UUID(came.body["account_id"]), came.body["access_token"])
    machine, game = Machine(platform, tmp_path / "home", buyer.token), tmp_path / "game"
    refused, said = await machine.run("pull", SLUG, game)
    assert refused == 1, said
    order_id = await bought(platform, app_id, buyer)

    whole = fetched_bytes(await machine.do("pull", SLUG, game))
    await machine.do("play", game, "--option", "headless")
    listed = await platform.request("GET", f"/v1/library/{app_id}/achievements", token=buyer.token)
    had = {one["key"] for one in listed.body["items"] if one["unlocked_at"]}
    assert "first-cup" in had
    saves = await platform.request("GET", f"/v1/library/{app_id}/saves", token=buyer.token)
    assert [one["path"] for one in saves.body["items"]] == ["party.json"]

    source = tmp_path / "source"
    build(SLUG, source, version=2)
    developer = Machine(platform, studio, owner.token)
    await developer.do("push", source, "--app", app_id, "--key", studio / "build-key.pem", "--yes")
    before = {one: one.read_bytes() for one in game.rglob("*.py")}
    assert fetched_bytes(await machine.do("pull", SLUG, game)) < whole / 2
    assert (game / "tea_line" / "levels_winter.txt").exists()
    assert {one: one.read_bytes() for one in game.rglob("*.py")} == before
    await machine.do("verify", game)
    (game / "tea_line" / "pipes.py").write_bytes(b"raise SystemExit(1)")
    assert (await machine.run("verify", game))[0] == 1
    await machine.do("repair", game)
    await machine.do("verify", game)
    await machine.do("play", game, "--option", "headless")

    await given_back(platform, buyer, order_id)
    refused, said = await machine.run("pull", SLUG, tmp_path / "again")
    assert (refused, (tmp_path / "again" / "tea_line").exists()) == (1, False), said
