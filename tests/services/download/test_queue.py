"""The queue of a device: one row a game, in an order of its own; progress that never goes back; tickets that are renewed."""

import asyncio
from typing import Any
from uuid import uuid4

from samovar.testing.hosting import Answer
from tests.services.download.depot import Depot, Player


async def ask(player: Player, method: str, path: str, **more: Any) -> Answer:
    return await player.depot.download.request(method, path, account_id=player.account_id, **more)


async def test_a_game_ordered_twice_stands_there_once(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push({"a": b"a" * 1_000}))
    player = depot.player(studio)
    answers = await asyncio.gather(*(player.order() for _ in range(5)))
    assert len({one.body["id"] for one in answers}) == 1
    listed = await ask(player, "GET", "/v1/downloads")
    assert [one["state"] for one in listed.body["items"]] == ["queued"]


async def test_a_download_pauses_goes_on_and_moves(depot: Depot) -> None:
    one, two = await depot.studio(), await depot.studio()
    player = depot.player(one)
    depot.licences.owned.add((str(player.account_id), str(two.app_id)))
    ids = []
    for studio in (one, two):
        await studio.branch(await studio.push({"a": b"a" * 1_000}))
        ids.append((await player.order(game_id=str(studio.app_id))).body["id"])
    paused = await ask(player, "PATCH", f"/v1/downloads/{ids[0]}", json={"state": "paused", "position": 9})
    assert (paused.status, paused.body["state"]) == (200, "paused")
    listed = await ask(player, "GET", "/v1/downloads", params={"limit": 1})
    assert [row["id"] for row in listed.body["items"]] == [ids[1]]
    rest = await ask(player, "GET", "/v1/downloads", params={"cursor": listed.body["next_cursor"]})
    assert [row["id"] for row in rest.body["items"]] == [ids[0]]
    assert (await ask(player, "DELETE", f"/v1/downloads/{ids[0]}")).status == 204
    assert (await ask(player, "DELETE", f"/v1/downloads/{ids[0]}")).status == 404


async def test_what_takes_a_place_stands_before_what_stood_there(depot: Depot) -> None:
    studios = [await depot.studio() for _ in range(3)]
    player = depot.player(studios[0])
    ids = []
    for studio in studios:
        depot.licences.owned.add((str(player.account_id), str(studio.app_id)))
        await studio.branch(await studio.push({"a": b"a" * 1_000}))
        ids.append((await player.order(game_id=str(studio.app_id))).body["id"])

    async def rows() -> list[dict[str, Any]]:
        return list((await ask(player, "GET", "/v1/downloads")).body["items"])

    for _ in range(2):
        before = await rows()
        # The last one takes the place of the one above it, as "up" does.
        moved = {"position": before[1]["position"]}
        assert (await ask(player, "PATCH", f"/v1/downloads/{before[2]['id']}", json=moved)).status == 200
        assert [row["id"] for row in await rows()] == [before[at]["id"] for at in (0, 2, 1)]
    assert [row["id"] for row in await rows()] == ids
    first = {"position": (await rows())[0]["position"]}
    answers = await asyncio.gather(*(ask(player, "PATCH", f"/v1/downloads/{one}", json=first) for one in ids))
    assert {one.status for one in answers} == {200}
    assert len({row["position"] for row in await rows()}) == 3


async def test_a_device_fetches_as_fast_as_its_player_asks(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push({"a": b"a" * 1_000}))
    player, other = depot.player(studio), depot.player(studio)
    limits = "/v1/downloads/limits/pc-1"
    wanted = {"bytes_per_s": 2_000_000}
    assert (await ask(player, "PUT", limits, json=wanted)).body["code"] == "download.download_not_found"
    for one in (player, other):
        assert (await one.order(device_id="pc-1")).body["limit_bytes_per_s"] is None

    async def limit_of(one: Player) -> Any:
        (row,) = (await ask(one, "GET", "/v1/downloads")).body["items"]
        return row["limit_bytes_per_s"]

    answers = await asyncio.gather(*(ask(player, "PUT", limits, json=wanted) for _ in range(3)))
    assert [(one.status, one.body) for one in answers] == [(200, wanted)] * 3
    assert (await limit_of(player), await limit_of(other)) == (2_000_000, None)
    assert (await player.order(device_id="pc-1")).body["limit_bytes_per_s"] == 2_000_000
    for nonsense in ({"bytes_per_s": 0}, {"bytes_per_s": "fast"}, {}):
        assert (await ask(player, "PUT", limits, json=nonsense)).status == 422
    assert (await ask(player, "PUT", limits, json={"bytes_per_s": None})).status == 200
    assert await limit_of(player) is None


async def test_progress_never_goes_back_nor_beyond_the_whole(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push({"a": b"a" * 1_000}))
    player = depot.player(studio)
    told = (await player.order()).body
    path, whole = f"/v1/downloads/{told['id']}", told["download_bytes"]
    for said, kept in ((10, 10), (5, 10), (2**50, whole)):
        answer = await ask(player, "PATCH", path, json={"done_bytes": said})
        assert answer.body["done_bytes"] == kept
    assert (await ask(player, "PATCH", path, json={"done_bytes": -1})).status == 422
    failed = await ask(player, "PATCH", path, json={"state": "failed", "failure": "disk_full"})
    assert failed.body["failure"] == "disk_full"
    assert (await ask(player, "PATCH", path, json={"state": "running"})).body["failure"] is None


async def test_what_is_ordered_again_begins_anew_once_it_was_over(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push({"a": b"a" * 1_000}))
    player = depot.player(studio)
    path = f"/v1/downloads/{(await player.order()).body['id']}"
    await ask(player, "PATCH", path, json={"done_bytes": 10})
    assert (await player.order()).body["done_bytes"] == 10
    await ask(player, "PATCH", path, json={"state": "done"})
    assert (await player.order()).body["done_bytes"] == 0


async def test_a_ticket_is_renewed_for_the_build_that_was_begun(depot: Depot) -> None:
    studio = await depot.studio()
    first = await studio.push({"a": b"one"})
    await studio.branch(first)
    player = depot.player(studio)
    told = (await player.order()).body
    await studio.branch(await studio.push({"a": b"two"}))
    renewed = await ask(player, "POST", f"/v1/downloads/{told['id']}/ticket")
    assert (renewed.status, renewed.body["build_id"]) == (200, first)
    assert (await player.fetch(renewed.body["plan_url"])).status == 200
    depot.licences.owned.discard((str(player.account_id), str(studio.app_id)))
    refused = await ask(player, "POST", f"/v1/downloads/{told['id']}/ticket")
    assert (refused.status, refused.body["code"]) == (403, "download.not_owned")


async def test_others_see_no_download(depot: Depot) -> None:
    studio = await depot.studio()
    build_id = await studio.push({"a": b"a"})
    await studio.branch(build_id)
    told = (await depot.player(studio).order()).body
    stranger = Player(depot, studio.app_id)
    path = f"/v1/downloads/{told['id']}"
    answers = [
        await ask(stranger, "PATCH", path, json={"state": "paused"}),
        await ask(stranger, "DELETE", path),
        await ask(stranger, "POST", f"{path}/ticket"),
        await ask(stranger, "GET", f"/v1/builds/{build_id}"),
        await ask(stranger, "GET", f"/v1/builds/{uuid4()}"),
    ]
    assert [one.status for one in answers] == [404] * len(answers)
    shown = await ask(depot.player(studio), "GET", f"/v1/builds/{build_id}")
    assert shown.body == {"id": build_id, "game_id": str(studio.app_id), "number": 1, "size_bytes": 1}


async def test_a_build_that_is_not_known_counts_as_none(depot: Depot) -> None:
    studio, other = await depot.studio(), await depot.studio()
    await studio.branch(await studio.push({"a": b"a"}))
    foreign = await other.push({"b": b"b"})
    for unknown in (str(uuid4()), foreign):
        answer = await depot.player(studio).order(from_build=unknown)
        assert (answer.status, answer.body["from_build"]) == (201, None)
