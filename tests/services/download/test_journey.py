"""From a developer's folder to a player's files: only the difference travels, and only to whom it belongs."""

import base64
import random
from uuid import uuid4

from samovar.services.download.contract.events import BranchChanged, BuildPublished
from tests.services.download.depot import Depot

MIB = 1024 * 1024


def noise(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


ONE = {"game/data.bin": noise(1, 3 * MIB), "game/readme.txt": b"one", "пусто.txt": b"", "копия.txt": b"one"}
TWO = ONE | {"game/data.bin": ONE["game/data.bin"][:MIB] + noise(2, 200_000) + ONE["game/data.bin"][MIB:]}


async def test_a_build_goes_from_folder_to_folder(depot: Depot) -> None:
    studio = await depot.studio()
    build_id = await studio.push(ONE)
    assert (await studio.branch(build_id)).status == 200
    player = depot.player(studio)
    assert await player.take() == ONE
    assert player.fetched_bytes < 3.1 * MIB
    published = [one for one in await depot.download.events(BuildPublished) if one.app_id == studio.app_id]
    assert [(one.number, one.size_bytes) for one in published] == [(1, sum(map(len, ONE.values())))]


async def test_of_an_update_only_the_difference_travels(depot: Depot) -> None:
    studio = await depot.studio()
    first = await studio.push(ONE)
    await studio.branch(first)
    player = depot.player(studio)
    await player.take()
    studio.sent_bytes = player.fetched_bytes = 0
    second = await studio.push(TWO)
    assert studio.sent_bytes < MIB
    preview = await studio.ask("GET", f"/v1/dev/builds/{second}/preview", params={"from_build_id": first})
    assert preview.status == 200, preview.body
    assert preview.body["largest"][0]["path"] == "game/data.bin"
    assert preview.body["download_bytes"] < MIB
    await studio.branch(second)
    assert await player.take() == TWO
    assert player.fetched_bytes < MIB
    changes = [one for one in await depot.download.events(BranchChanged) if one.app_id == studio.app_id]
    assert [(str(one.build_id), one.sequence) for one in changes] == [(first, 1), (second, 2)]


async def test_without_a_licence_nothing_is_had(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push({"a": b"a"}))
    stranger = depot.player(studio)
    depot.licences.owned.clear()
    answer = await stranger.order()
    assert (answer.status, answer.body["code"]) == (403, "download.not_owned")
    depot.licences.lent.add((str(stranger.account_id), str(studio.app_id)))
    assert await stranger.take() == {"a": b"a"}


async def test_what_is_bought_and_not_out_waits(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push({"a": b"a"}))
    depot.apps.apps[str(studio.app_id)].stage = "coming_soon"
    player = depot.player(studio)
    answer = await player.order()
    assert (answer.status, answer.body["code"]) == (409, "download.not_out")
    depot.licences.granted.add((str(player.account_id), str(studio.app_id)))
    assert await player.take() == {"a": b"a"}
    developer = await studio.ask(
        "POST", "/v1/downloads", json={"game_id": str(studio.app_id), "device_id": "dev"}
    )
    assert developer.status == 201


async def test_a_ticket_opens_one_game_and_cannot_be_made(depot: Depot) -> None:
    studio, other = await depot.studio(), await depot.studio()
    await studio.branch(await studio.push({"a": noise(3, 50_000)}))
    await other.branch(await other.push({"b": noise(4, 50_000)}))
    one, two = (await depot.player(studio).order()).body, (await depot.player(other).order()).body
    player = depot.player(studio)
    foreign = one["content_base_url"] + two["plan_url"].removeprefix(two["content_base_url"])
    answer = await player.fetch(foreign)
    assert (answer.status, answer.body["code"]) == (404, "download.object_not_found")
    ticket = one["content_base_url"].split("/")[2]
    data = bytearray(base64.urlsafe_b64decode(ticket + "=="))
    for place in (0, 10, 30):
        data[place] ^= 1
        forged = base64.urlsafe_b64encode(data).decode().rstrip("=")
        answer = await player.fetch(one["plan_url"].replace(ticket, forged))
        assert (answer.status, answer.body["code"]) == (403, "download.ticket_refused")
        data[place] ^= 1
    for text in ("x", "%20", "я", "a" * 100):
        assert (await player.fetch(one["plan_url"].replace(ticket, text))).status == 403


async def test_contents_come_in_spans_and_never_change(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push({"a": noise(5, 50_000)}))
    player = depot.player(studio)
    told = (await player.order()).body
    whole = await player.fetch(told["plan_url"])
    etag = whole.headers["etag"]
    assert "immutable" in whole.headers["cache-control"]
    part = await player.fetch(told["plan_url"], headers={"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.body)}"
    last = await player.fetch(told["plan_url"], headers={"Range": "bytes=-5", "If-Range": etag})
    assert last.body == whole.body[-5:]
    other = await player.fetch(told["plan_url"], headers={"Range": "bytes=-5", "If-Range": '"other"'})
    assert other.body == whole.body
    assert (await player.fetch(told["plan_url"], headers={"If-None-Match": etag})).status == 304
    outside = await player.fetch(told["plan_url"], headers={"Range": "bytes=999999-"})
    assert (outside.status, outside.body["code"]) == (416, "download.range_invalid")


async def test_others_away_is_said_and_changes_nothing(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push({"a": b"a"}))
    player = depot.player(studio)
    depot.licences.away = True
    away = await player.order()
    depot.licences.away = False
    assert (away.status, away.body["code"]) == (503, "download.library_away")
    depot.apps.away = True
    away = await player.order()
    depot.apps.away = False
    assert (away.status, away.body["code"]) == (503, "download.catalog_away")
    unknown = await player.order(game_id=str(uuid4()))
    assert (unknown.status, unknown.body["code"]) == (404, "download.app_not_found")
