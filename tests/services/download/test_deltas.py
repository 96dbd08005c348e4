"""Deltas: an update is a fraction of its chunks, and what cannot be made is let be."""

import random
from datetime import timedelta
from uuid import uuid4

from samovar.kit.clock import SystemClock
from samovar.services.download.apart import Apart
from samovar.services.download.plans.deltas.use_cases import Deltas
from samovar.services.download.store import Store
from tests.services.download.depot import Depot, Studio

ENDED = (
    "SELECT count(*) = $2 FROM delta_sets WHERE app_id = $1 AND (content IS NOT NULL OR failure IS NOT NULL)"
)
FAILURES = "SELECT array_agg(failure) FROM delta_sets WHERE app_id = $1 AND failure IS NOT NULL"
SIZE = 2_008_000


def program(seed: int) -> bytes:
    """Return something like a program that was compiled anew: the same everywhere, and another byte in each line."""
    same, new = random.Random(1), random.Random(seed)
    return b"".join(same.randbytes(500) + new.randbytes(2) for _ in range(4_000))


async def released(studio: Studio, seed: int) -> str:
    build_id = await studio.push({"bin/game": program(seed), "data/readme": b"x"})
    assert (await studio.branch(build_id)).status == 200
    return build_id


def deltas_of(depot: Depot, *, recent: int = 4) -> Deltas:
    return Deltas(
        depot.download.database,
        store=Store(str(depot.store)),
        place=str(depot.store),
        apart=Apart(),
        recent=recent,
        bytes_max=SIZE * 2,
        unused_ttl=timedelta(days=30),
        clock=SystemClock(),
    )


async def make_all(depot: Depot) -> None:
    """Do what the job does; it may do so at the same time."""
    deltas = deltas_of(depot)
    while await deltas.make_next():
        pass


async def made(depot: Depot, studio: Studio, count: int) -> None:
    """Wait until so many deltas are made, by whomever."""
    await depot.download.until(ENDED, studio.app_id, count)
    assert await depot.download.database.fetch_value(FAILURES, studio.app_id) is None


async def test_an_update_is_a_fraction_of_its_chunks(depot: Depot) -> None:
    studio = await depot.studio()
    first = await released(studio, 2)
    player = depot.player(studio)
    await player.take()
    second = await released(studio, 3)
    await make_all(depot)
    await made(depot, studio, 1)
    preview = await studio.ask("GET", f"/v1/dev/builds/{second}/preview", params={"from_build_id": first})
    assert preview.body["download_bytes"] < SIZE // 20, preview.body
    player.fetched_bytes = 0
    assert (await player.take())["bin/game"] == program(3)
    assert player.fetched_bytes < SIZE // 20


async def test_a_plan_that_was_made_before_its_deltas_is_made_anew(depot: Depot) -> None:
    studio = await depot.studio()
    await released(studio, 10)
    player = depot.player(studio)
    await player.take()
    await released(studio, 11)
    assert (await player.order()).status == 201
    await make_all(depot)
    await made(depot, studio, 1)
    assert (await player.order()).body["download_bytes"] < SIZE // 20


async def test_those_who_are_behind_and_the_next_build_get_deltas(depot: Depot) -> None:
    studio = await depot.studio()
    first = await released(studio, 4)
    await released(studio, 5)
    await released(studio, 6)
    await studio.push({"bin/game": program(7), "data/readme": b"x"})
    await make_all(depot)
    # From 1 and 2 to 3, and from 3 to 4; the job may also have made one from 1 to 2 while that was the newest.
    pairs = """
        SELECT count(*) >= 3 FROM delta_sets d JOIN builds n ON n.id = d.build_id
        WHERE d.app_id = $1 AND d.content IS NOT NULL AND n.number IN (3, 4)
    """
    assert await depot.download.until(pairs, studio.app_id)
    ordered = await depot.player(studio).order(from_build=first)
    assert ordered.body["download_bytes"] < SIZE // 20


async def test_what_cannot_be_made_is_let_be(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push({"a": program(8)}))
    lost = await depot.download.database.fetch_value(
        "UPDATE packs SET pack_index = $2 WHERE app_id = $1 RETURNING id", studio.app_id, uuid4().bytes
    )
    assert lost
    await studio.push({"a": program(9)})
    await make_all(depot)
    failed = "SELECT failure FROM delta_sets WHERE app_id = $1 AND failure IS NOT NULL"
    assert "Malformed" in await depot.download.until(failed, studio.app_id)


async def grow_old(depot: Depot, studio: Studio) -> None:
    """Let the deltas of a studio, and their use, be older than they may get."""
    async with depot.download.database.transaction() as tx:
        for sql in (
            "UPDATE delta_sets SET tried_at = tried_at - interval '31 days' WHERE app_id = $1",
            "UPDATE plans SET made_at = made_at - interval '31 days', used_at = NULL WHERE app_id = $1",
        ):
            await tx.execute(sql, studio.app_id)


async def test_deltas_that_nobody_needs_any_more_go(depot: Depot) -> None:
    studio = await depot.studio()
    first = await released(studio, 20)
    await released(studio, 21)
    await make_all(depot)
    await made(depot, studio, 1)
    await grow_old(depot, studio)
    await deltas_of(depot).clear()
    there = "SELECT count(*) FROM delta_sets WHERE app_id = $1"
    count = depot.download.database.fetch_value
    assert await count(there, studio.app_id) == 1, "players still go that way"
    await released(studio, 22)
    await make_all(depot)
    await made(depot, studio, 3)
    await grow_old(depot, studio)
    assert (await depot.player(studio).order(from_build=first)).status == 201
    await deltas_of(depot, recent=1).clear()
    left = "SELECT count(*) FROM delta_sets d JOIN builds b ON b.id = d.build_id WHERE d.app_id = $1 AND b.number = 3"
    assert await count(left, studio.app_id) == 2, "one was just used"
    assert await count(there, studio.app_id) == 2
    named = "SELECT count(*) FROM objects WHERE app_id = $1 AND kind = 'deltas'"
    assert await count(named, studio.app_id) == 2
    waste = "SELECT count(*) > 0 FROM waste WHERE kind = 'deltas' AND NOT EXISTS (SELECT FROM objects o WHERE o.id = waste.id)"
    assert await count(waste)
