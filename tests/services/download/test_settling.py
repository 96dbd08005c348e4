"""Builds that are compressed again: players get the same, fewer bytes of it, and what was there before goes."""

import asyncio
import random
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from samovar.content.format.scan import scan
from samovar.kit.clock import SystemClock
from samovar.services.download.apart import Apart
from samovar.services.download.plans.settling.use_cases import Settling
from samovar.services.download.store import Store
from tests.services.download.depot import Depot, Files, Studio, write
from tests.services.download.test_waste import age, clear


def settling(depot: Depot, store: Store | None = None) -> Settling:
    place = str(depot.store)
    return Settling(
        depot.download.database,
        store=store or Store(place),
        place=place,
        apart=Apart(),
        wanted=True,
        clock=SystemClock(),
    )


async def settle(depot: Depot) -> None:
    """Do what the job does."""
    while await settling(depot).settle_next():
        pass


def world(seed: int) -> Files:
    """Return files that a higher level makes smaller, more than a megabyte of them."""
    some = random.Random(seed)
    words = [some.randbytes(9).hex().encode() for _ in range(3_000)]
    return {f"maps/{number}": b" ".join(some.choices(words, k=20_000)) for number in range(4)}


async def packs(studio: Studio, build_id: str) -> set[bytes]:
    rows = await studio.depot.download.database.fetch_value(
        "SELECT array_agg(pack_id) FROM build_packs WHERE build_id = $1::uuid", build_id
    )
    return set(rows)


async def test_a_first_install_is_smaller_and_the_same(depot: Depot) -> None:
    studio = await depot.studio()
    build_id = await studio.push(world(1))
    await studio.branch(build_id)
    before = (await depot.player(studio).order()).body["download_bytes"]
    fresh = await packs(studio, build_id)
    await settle(depot)
    assert not fresh & await packs(studio, build_id)
    after = (await depot.player(studio).order()).body["download_bytes"]
    assert after < before
    assert await depot.player(studio).take() == world(1)


async def test_operators_see_what_was_done(depot: Depot) -> None:
    def seen(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(f"samovar_download_{name}", labels) or 0.0

    studio = await depot.studio()
    await studio.push(world(10))
    await settling(depot).count()
    waiting = seen("unsettled_packs", state="waiting")
    before = {when: seen("settled_bytes_total", when=when) for when in ("before", "after")}
    await settle(depot)
    took, gave = (seen("settled_bytes_total", when=when) - before[when] for when in ("before", "after"))
    assert took > gave > 0
    await settling(depot).count()
    assert seen("unsettled_packs", state="waiting") < waiting


async def test_builds_that_share_packs_both_get_the_new_ones(depot: Depot) -> None:
    studio = await depot.studio()
    first = await studio.push(world(2))
    second = await studio.push(world(2) | {"more": b"more" * 10_000})
    fresh = await packs(studio, first) | await packs(studio, second)
    await settle(depot)
    assert not fresh & (await packs(studio, first) | await packs(studio, second))
    await studio.branch(first)
    player = depot.player(studio)
    assert await player.take() == world(2)
    await studio.branch(second)
    assert await player.take() == world(2) | {"more": b"more" * 10_000}


async def test_what_was_there_before_goes_when_its_time_is_over(depot: Depot) -> None:
    studio = await depot.studio()
    build_id = await studio.push(world(3))
    await studio.branch(build_id)
    player = depot.player(studio)
    ordered = (await player.order()).body
    fresh = await packs(studio, build_id)
    await settle(depot)
    await clear(depot)
    key = f"packs/{next(iter(fresh)).hex()}"
    assert (await player.fetch(f"{ordered['content_base_url']}{key}")).status == 200
    await age(depot, studio)
    await clear(depot)
    async with depot.download.database.transaction() as tx:
        await tx.execute(
            "UPDATE waste SET since = since - interval '9 days' WHERE id = ANY($1::bytea[])", list(fresh)
        )
    await clear(depot)
    assert not any((depot.store / "packs" / one.hex()).exists() for one in fresh)
    assert await depot.player(studio).take() == world(3)


async def test_what_is_there_twice_for_a_time_counts_once(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.push({"noise": random.Random(4).randbytes(11_000_000)})
    await settle(depot)
    more = {"noise": random.Random(5).randbytes(8_000_000)}
    source = write(depot.folder / uuid4().hex, more)
    build_id = await studio.begin()
    tree = scan(source)
    for pack in studio.pack(source, await studio.missing(build_id, tree)):
        assert (await studio.put_pack(build_id, pack)).status == 200


async def test_an_upload_under_way_finds_what_it_was_told_of(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.push(world(6))
    build_id = await studio.begin()
    tree = scan(write(depot.folder / uuid4().hex, world(6)))
    assert await studio.missing(build_id, tree) == set()
    await settle(depot)
    assert await studio.missing(build_id, tree) == set()
    await studio.put_tree(build_id, tree)
    assert (await studio.complete(build_id, studio.manifest(tree))).status == 200
    await studio.branch(build_id)
    assert await depot.player(studio).take() == world(6)


async def test_who_dies_in_the_middle_loses_nothing_and_leaves_waste(depot: Depot) -> None:
    class Dying(Store):
        async def write(self, key: str, content: bytes | Path) -> None:
            await super().write(key, content)
            raise asyncio.CancelledError

    studio = await depot.studio()
    build_id = await studio.push(world(7))
    await studio.branch(build_id)
    fresh = await packs(studio, build_id)
    with pytest.raises(asyncio.CancelledError):
        await settling(depot, Dying(str(depot.store))).settle_next()
    assert await packs(studio, build_id) == fresh
    assert await depot.player(studio).take() == world(7)
    written = """
        SELECT count(*) FROM waste w WHERE kind = 'packs' AND begun_at IS NULL
            AND NOT EXISTS (SELECT FROM objects o WHERE o.kind = w.kind AND o.id = w.id)
    """
    assert await depot.download.database.fetch_value(written)


async def test_a_pack_that_cannot_be_read_stays_and_holds_up_no_other(depot: Depot) -> None:
    studio = await depot.studio()
    build_id = await studio.push(world(8))
    await studio.branch(build_id)
    bad = next(iter(await packs(studio, build_id)))
    (depot.store / "packs" / bad.hex()).write_bytes(b"rust")
    other = await depot.studio()
    good = await other.push(world(9))
    fresh = await packs(other, good)
    await settle(depot)
    assert bad in await packs(studio, build_id)
    assert not fresh & await packs(other, good)
