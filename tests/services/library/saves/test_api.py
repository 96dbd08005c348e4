"""REST of saves: what is kept, what is asked, what is refused."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.library.licences.use_cases import Licences
from samovar.services.library.saves import domain
from samovar.testing.hosting import Answer, Running
from tests.services.library.licences.grants import wanted


class Player:
    """A player of one game, on devices of which each sends its own."""

    def __init__(self, library: Running, account_id: UUID, app_id: UUID) -> None:
        self._library = library
        self.account_id = account_id
        self.saves = f"/v1/library/{app_id}/saves"

    async def put(
        self, path: str, content: bytes, *, had: str | None = None, query: str = "", device: str = "pc"
    ) -> Answer:
        """Save."""
        headers = {"If-Match": f'"{had}"'} if had else {"If-None-Match": "*"}
        return await self.ask("PUT", f"/{path}?device_id={device}{query}", data=content, headers=headers)

    async def ask(self, method: str, path: str = "", **more: Any) -> Answer:
        """Ask about saves."""
        return await self._library.request(method, self.saves + path, account_id=self.account_id, **more)


@pytest.fixture
async def player(library: Running) -> Player:
    account_id, app_id = uuid4(), new_id()
    licences = Licences(library.database, clock=SystemClock(), new_id=new_id)
    await licences.grant(wanted(account_id=account_id, app_ids=(app_id,)))
    return Player(library, account_id, app_id)


async def _versions(database: Database, account_id: UUID) -> int:
    return int(
        await database.fetch_value("SELECT count(*) FROM save_versions WHERE account_id = $1", account_id)
    )


async def test_a_client_need_not_name_its_device(player: Player) -> None:
    saved = await player.ask("PUT", "/one.sav", data=b"content", headers={"If-None-Match": "*"})
    assert saved.status == 201, saved.body
    gone = await player.ask("DELETE", "/one.sav", headers={"If-Match": saved.headers["etag"]})
    assert gone.status == 204


async def test_a_save_comes_back_on_another_device(player: Player) -> None:
    first = await player.put("слот 1:игра.sav", b"one" * 100)
    assert (first.status, first.headers["etag"]) == (201, f'"{first.body["version_id"]}"')
    again = await player.put("слот 1:игра.sav", b"one" * 100)
    assert (again.status, again.body) == (201, first.body)
    second = await player.put("слот 1:игра.sav", b"two" * 100, had=first.body["version_id"], device="deck")
    assert (second.status, second.body["parent_id"]) == (201, first.body["version_id"])
    got = await player.ask("GET", "/слот 1:игра.sav")
    assert (got.status, got.body, got.headers["etag"]) == (200, b"two" * 100, second.headers["etag"])
    same = await player.ask("GET", "/слот 1:игра.sav", headers={"If-None-Match": second.headers["etag"]})
    assert same.status == 304
    part = await player.ask("GET", "/слот 1:игра.sav", headers={"Range": "bytes=0-2"})
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"two", "bytes 0-2/300")
    outside = await player.ask("GET", "/слот 1:игра.sav", headers={"Range": "bytes=300-"})
    assert (outside.status, outside.body["code"]) == (416, "library.save_range_invalid")
    listed = await player.ask("GET")
    assert [(one["path"], one["current"]["device_id"]) for one in listed.body["items"]] == [
        ("слот 1:игра.sav", "deck")
    ]


async def test_both_sides_of_a_conflict_are_kept_until_one_is_chosen(player: Player) -> None:
    first = (await player.put("a", b"first")).body["version_id"]
    second = (await player.put("a", b"second", had=first)).body["version_id"]
    for _ in range(2):
        apart = await player.put("a", b"third", had=first, device="deck")
        assert (apart.status, apart.body["code"], apart.body["current"]) == (412, "save.conflict", second)
    yours = apart.body["yours"]
    assert (await player.ask("GET", f"/a?version_id={yours}")).body == b"third"
    assert (await player.ask("GET", "/a")).body == b"second"
    assert (await player.ask("GET")).body["items"][0]["unresolved"] == [yours]
    stale = await player.ask(
        "PUT", "/a/current", json={"version_id": yours}, headers={"If-Match": f'"{first}"'}
    )
    assert (stale.status, stale.body["yours"]) == (412, None)
    chosen = await player.ask("PUT", "/a/current", json={"version_id": yours})
    assert (chosen.status, chosen.body["is_current"], chosen.body["is_unresolved"]) == (200, True, False)
    assert (await player.ask("GET", "/a")).body == b"third"
    assert (await player.ask("GET")).body["items"][0]["unresolved"] == []
    versions = await player.ask("GET", "/a/versions?limit=2")
    assert [one["version_id"] for one in versions.body["items"]] == [yours, second]
    rest = await player.ask("GET", f"/a/versions?cursor={versions.body['next_cursor']}")
    assert [one["version_id"] for one in rest.body["items"]] == [first]


async def test_a_side_that_came_while_somebody_chose_waits(player: Player) -> None:
    first = (await player.put("a", b"first")).body["version_id"]
    await player.put("a", b"second", had=first)
    seen = (await player.put("a", b"third", had=first, device="deck")).body["yours"]
    unseen = (await player.put("a", b"fourth", had=first, device="phone")).body["yours"]
    chosen = await player.ask("PUT", "/a/current", json={"version_id": seen, "seen": [seen]})
    assert chosen.status == 200
    assert (await player.ask("GET")).body["items"][0]["unresolved"] == [unseen]
    assert (await player.ask("PUT", "/a/current", json={"version_id": seen})).status == 200
    assert (await player.ask("GET")).body["items"][0]["unresolved"] == []


async def test_a_save_that_shrinks_asks_first(player: Player) -> None:
    first = (await player.put("a", b"x" * 1_000)).body["version_id"]
    for content in (b"", b"x" * 99):
        asked = await player.put("a", content, had=first)
        assert (asked.status, asked.body["code"]) == (409, "library.save_shrunk")
    confirmed = await player.put("a", b"", had=first, query="&confirm=true")
    assert (confirmed.status, confirmed.body["size_bytes"]) == (201, 0)
    assert (await player.ask("GET", "/a")).body == b""
    restored = await player.ask("PUT", "/a/current", json={"version_id": first})
    assert restored.status == 200
    assert (await player.ask("GET", "/a")).body == b"x" * 1_000


async def test_a_deleted_save_is_restored(player: Player) -> None:
    first = (await player.put("a", b"one")).body["version_id"]
    assert (await player.ask("DELETE", "/a?device_id=pc")).status == 204
    assert (await player.ask("GET", "/a")).body["code"] == "library.save_not_found"
    assert (await player.ask("DELETE", "/a?device_id=pc")).status == 404
    apart = await player.put("a", b"two", had=first, device="deck")
    assert (apart.status, apart.body["code"]) == (412, "save.conflict")
    assert (await player.ask("PUT", "/a/current", json={"version_id": first})).status == 200
    assert (await player.ask("GET", "/a")).body == b"one"
    stale = await player.ask("DELETE", "/a?device_id=pc", headers={"If-Match": f'"{uuid4()}"'})
    assert (stale.status, stale.body["current"]) == (412, first)


async def test_of_devices_that_save_at_one_moment_none_loses(player: Player, library: Running) -> None:
    first = (await player.put("a", b"first")).body["version_id"]
    answers = await asyncio.gather(
        *(player.put("a", f"device {n}".encode(), had=first, device=f"d{n}") for n in range(8))
    )
    assert sorted(answer.status for answer in answers) == [201] + [412] * 7
    kept = [answer.body.get("yours") or answer.body["version_id"] for answer in answers]
    for number, version_id in enumerate(kept):
        got = await player.ask("GET", f"/a?version_id={version_id}")
        assert got.body == f"device {number}".encode()
    assert await _versions(library.database, player.account_id) == 9


async def test_history_is_pruned_by_rule(player: Player, library: Running) -> None:
    had = None
    for number in range(domain.HISTORY_MAX + 5):
        had = (await player.put("a", f"{number}".encode(), had=had)).body["version_id"]
    assert await _versions(library.database, player.account_id) == domain.HISTORY_MAX + 1


async def test_nonsense_is_refused_and_changes_nothing(player: Player, library: Running) -> None:
    assert (await player.ask("PUT", "/a?device_id=pc", data=b"x")).status == 400
    bare = await player.ask("PUT", "/a?device_id=pc", data=b"x", headers={"If-Match": "one"})
    assert (bare.status, bare.body["code"]) == (400, "library.save_precondition_missing")
    named = await player.put("nul", b"x")
    assert (named.status, named.body["errors"][0]["field"]) == (422, "path")
    assert (await player.put("a", b"x", device="")).status == 422
    assert (await player.ask("GET", "/none")).status == 404
    assert (await player.ask("GET", "/none/versions")).status == 404
    assert (await player.ask("PUT", "/a/current", json={"version_id": str(uuid4())})).status == 404
    assert await _versions(library.database, player.account_id) == 0
    assert (await player.put("Save", b"x")).status == 201
    assert (await player.put("save", b"x")).body["code"] == "library.save_name_taken"
    stranger = Player(library, uuid4(), new_id())
    stranger.saves = player.saves
    assert (await stranger.put("a", b"x")).body["code"] == "library.game_not_found"
    assert (await stranger.ask("GET", "/Save")).status == 404
    assert (await stranger.ask("GET")).body["items"] == []
