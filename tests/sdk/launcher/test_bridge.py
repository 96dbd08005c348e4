"""The bridge, spoken to through a plain socket as a program in any language would; and who is not let in."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from samovar.sdk.api import Api, FixedToken
from samovar.sdk.client import GameClient, Place
from samovar.sdk.launcher.bridge import BODY_BYTES_MAX, BURST, Bridge
from tests.sdk.conftest import Player
from tests.services.library.achievements.studio import Studio, achievement, stat


class Socket:
    """A program that knows nothing but HTTP/1.1 and JSON."""

    def __init__(self, address: str, token: str) -> None:
        self.host = address.removeprefix("http://")
        self.token = token

    async def say(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str | None
    ) -> tuple[int, Any]:
        """Send one request, byte by byte as it goes over the wire, and read the answer to its end."""
        sent = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        said: dict[str, str | None] = {"Host": self.host, "Authorization": f"Bearer {self.token}"}
        if sent:
            said |= {"Content-Type": "application/json", "Content-Length": str(len(sent))}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items() if value)]
        host, _, port = self.host.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode() + sent)
        answer = await reader.read()
        writer.close()
        head, _, content = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(content or b"{}")


@pytest.fixture
async def client(player: Player) -> AsyncIterator[GameClient]:
    studio = Studio(player.library)
    studio.app_id, studio.path = player.game_id, f"/v1/dev/apps/{player.game_id}/achievements"
    await studio.found(studio.organisation_id)
    await studio.define(achievement("first"), stats=[stat("cups"), stat("speed", "avgrate")])
    folder = player.device("other").folder.parent
    place = Place(game_id=player.game_id, device_id="pc", state=folder / "own", saves=folder / "own saves")
    async with GameClient(
        Api(player.wire.origin, FixedToken(player.token())), place, clock=player.clock
    ) as made:
        yield made


@pytest.fixture
async def bridge(client: GameClient, player: Player) -> AsyncIterator[Bridge]:
    made = Bridge(client, language="ru", clock=player.clock, wake=lambda: None)
    yield made
    await made.stop()


@pytest.fixture
async def socket(bridge: Bridge) -> Socket:
    return Socket(await bridge.start(), bridge.token)


async def test_another_language_does_all_that_python_does(client: GameClient, socket: Socket) -> None:
    status, game = await socket.say("GET", "/v1/game")
    assert (status, game["game_id"], game["language"]) == (200, str(client.place.game_id), "ru")
    assert (await socket.say("GET", "/v1/ownership"))[1]["is_owned"] is True
    other = "01900000-0000-7000-8000-000000000009"
    assert (await socket.say("GET", f"/v1/ownership?app_id={other}"))[1]["is_owned"] is False
    assert await socket.say("PUT", "/v1/achievements/first") == (202, {"kept": True})
    rate = {"key": "speed", "count": 6, "length_s": 3_600}
    assert (await socket.say("PATCH", "/v1/stats", {"values": {"cups": 3}, "rates": [rate]}))[0] == 202
    _, had = await socket.say("GET", "/v1/achievements")
    assert had["items"][0]["unlocked_at"] is not None
    assert (await socket.say("GET", "/v1/stats"))[1] == {"values": {"cups": 3, "speed": 6}}
    proof = (await socket.say("POST", "/v1/licence-proof", {"nonce": "made-up"}))[1]
    assert proof["proof"].count(".") == 2
    (client.place.saves).mkdir(parents=True)
    (client.place.saves / "a.sav").write_bytes(b"saved")
    assert (await socket.say("POST", "/v1/saves/sync"))[1]["uploaded"] == ["a.sav"]
    (client.place.saves / "a.sav").write_bytes(b"spoilt")
    (version,) = (await socket.say("GET", "/v1/saves/versions?path=a.sav"))[1]["items"]
    choice = {"path": "a.sav", "version_id": version["version_id"]}
    assert (await socket.say("POST", "/v1/saves/choose", choice))[0] == 200
    assert (client.place.saves / "a.sav").read_bytes() == b"saved"


async def test_pages_and_strangers_are_not_let_in(socket: Socket) -> None:
    for status, code, headers in (
        (421, "bridge.wrong_host", {"Host": "evil.example"}),
        (421, "bridge.wrong_host", {"Host": "127.0.0.1"}),
        (403, "bridge.no_pages", {"Origin": "https://evil.example"}),
        (403, "bridge.no_pages", {"Origin": "null"}),
        (403, "bridge.no_pages", {"Sec_Fetch_Site": "same-origin"}),
        (401, "bridge.wrong_token", {"Authorization": None}),
        (401, "bridge.wrong_token", {"Authorization": "Bearer ключ".encode().decode("latin-1")}),
        (401, "bridge.wrong_token", {"Authorization": f"Basic {socket.token}"}),
    ):
        answer = await socket.say("GET", "/v1/game", **headers)
        assert (answer[0], answer[1]["code"]) == (status, code), headers
    status, said = await socket.say("PUT", "/v1/achievements/first", {}, Content_Type="text/plain")
    assert (status, said["code"]) == (415, "bridge.not_json")


async def test_nonsense_is_refused_and_changes_nothing(client: GameClient, socket: Socket) -> None:
    for method, path, body in (
        ("PUT", "/v1/achievements/first", {"progress": -1}),
        ("PUT", "/v1/achievements/first", {"unknown": 1}),
        ("PUT", "/v1/achievements/" + "a" * 65, {}),
        ("PUT", "/v1/achievements/%D0%BA", {}),
        ("PATCH", "/v1/stats", {"values": {"cups": "three"}}),
        ("PATCH", "/v1/stats", {"values": {"": 1}}),
        ("PATCH", "/v1/stats", {"rates": [{"key": "speed", "count": 1, "length_s": 0}]}),
        ("POST", "/v1/saves/choose", {"path": ""}),
        ("POST", "/v1/licence-proof", {"nonce": "a b"}),
        ("GET", "/v1/ownership?app_id=nonsense", None),
        ("PUT", "/v1/presence", {}),
        ("PUT", "/v1/presence", {"phrase": "menu", "text": "Чай"}),
        ("PUT", "/v1/presence", {"text": "Чай", "parameters": {"level": "1"}}),
        ("PUT", "/v1/presence", {"text": "м" * 101}),
        ("PUT", "/v1/presence", {"text": ""}),
        ("PUT", "/v1/presence", {"phrase": "a b"}),
        ("PUT", "/v1/presence", {"phrase": "level", "parameters": {"level": 3}}),
        ("PUT", "/v1/presence", {"phrase": "level", "parameters": {"Level": "3"}}),
        ("PUT", "/v1/presence", {"phrase": "level", "parameters": {"level": "3" * 51}}),
        ("PUT", "/v1/presence", {"phrase": "level", "parameters": {f"n{place}": "1" for place in range(9)}}),
    ):
        assert (await socket.say(method, path, body))[0] == 422, (method, path, body)
    for path in ("/v1/achievements/first", "/v1/presence"):
        assert (await socket.say("PUT", path, raw=b"{"))[0] == 422
        assert (await socket.say("PUT", path, raw=b"\xff\x00"))[0] == 422
    assert (await socket.say("GET", "/v1/no-such"))[0] == 404
    assert (await socket.say("DELETE", "/v1/game"))[0] == 405
    assert (await socket.say("PATCH", "/v1/stats", raw=b" " * (BODY_BYTES_MAX + 1)))[0] == 413
    assert await client.progress.send() == 0
    assert client.progress.refused() == []


async def test_offline_is_said_and_what_was_told_is_kept(
    player: Player, client: GameClient, socket: Socket
) -> None:
    await socket.say("GET", "/v1/ownership")
    player.wire.unplug()
    assert await socket.say("PUT", "/v1/achievements/first") == (202, {"kept": True})
    status, said = await socket.say("POST", "/v1/saves/sync")
    assert (status, said["code"]) == (503, "bridge.offline")
    assert (await socket.say("GET", "/v1/game"))[1]["is_online"] is False
    owned = (await socket.say("GET", "/v1/ownership"))[1]
    assert (owned["is_owned"], owned["is_fresh"]) == (True, False)
    player.wire.plug()
    assert await client.progress.send() == 0


async def test_whoever_calls_too_fast_waits(player: Player, socket: Socket) -> None:
    statuses = [(await socket.say("GET", "/v1/game"))[0] for _ in range(int(BURST) + 1)]
    assert (statuses[-2:], set(statuses[:-1])) == ([200, 429], {200})
    player.clock.pass_minutes(0.01)
    assert (await socket.say("GET", "/v1/game"))[0] == 200


async def test_what_the_player_does_is_told_while_the_session_lasts(
    player: Player, client: GameClient, socket: Socket
) -> None:
    said = "SELECT coalesce(array_agg(text), '{}') FROM presences WHERE account_id = $1"
    assert await socket.say("PUT", "/v1/presence", {"text": "Ждёт гостей"}) == (202, {"kept": True})
    assert await client.presence.send() is False
    await client.play.start()
    assert await client.presence.send() is True
    for text in ("Ставит самовар", "Пьёт чай"):
        assert (await socket.say("PUT", "/v1/presence", {"text": text}))[0] == 202
    assert await client.presence.send() is True
    assert await player.library.database.fetch_value(said, player.account_id) == ["Пьёт чай"]
    assert (await socket.say("DELETE", "/v1/presence"))[0] == 202
    assert await client.presence.send() is True
    assert await player.library.database.fetch_value(said, player.account_id) == []
    await socket.say("PUT", "/v1/presence", {"phrase": "no-such"})
    await client.presence.send()
    refused = (await socket.say("GET", "/v1/game"))[1]["refused"]
    assert refused == [{"what": "presence", "why": "phrase: phrase_unknown"}]
    await client.play.stop()
