"""What is left over goes, in two steps; what a build needs, or somebody is about to need, stays."""

from datetime import timedelta
from uuid import uuid4

from samovar.content.format.scan import scan
from samovar.kit.clock import SystemClock
from samovar.services.download.store import Store
from samovar.services.download.waste.use_cases import GRACE, Waste
from tests.services.download.depot import Depot, Studio, hash_of, write

UNUSED = timedelta(days=30)
KEPT, LEFT = {"kept": b"kept" * 40_000}, {"left": b"left" * 40_000}


async def left_over(studio: Studio) -> tuple[str, bytes]:
    """Send a pack of a build that is never completed; return the build and the pack."""
    source = write(studio.depot.folder / uuid4().hex, LEFT | {"own": studio.app_id.bytes})
    tree, build_id = scan(source), await studio.begin()
    await studio.put_tree(build_id, tree)
    [pack] = studio.pack(source, await studio.missing(build_id, tree))
    assert (await studio.put_pack(build_id, pack)).status == 200
    return build_id, pack


async def age(depot: Depot, studio: Studio) -> None:
    """Let everything of an app be older than the time of grace."""
    database = depot.download.database
    async with database.transaction() as tx:
        for sql in (
            "UPDATE builds SET expires_at = expires_at - $2::interval WHERE app_id = $1 AND state = 'uploading'",
            "UPDATE objects SET stored_at = stored_at - $2::interval WHERE app_id = $1",
        ):
            await tx.execute(sql, studio.app_id, GRACE + timedelta(days=3))


async def clear(depot: Depot) -> None:
    """Do what the jobs do."""
    waste = Waste(
        depot.download.database, store=Store(str(depot.store)), unused_ttl=UNUSED, clock=SystemClock()
    )
    await waste.give_up_uploads()
    await waste.leave_packs()
    await waste.leave_plans()
    await waste.delete_bytes()


async def left_long_ago(depot: Depot, pack: bytes) -> None:
    async with depot.download.database.transaction() as tx:
        assert await tx.execute(
            "UPDATE waste SET since = since - $2::interval WHERE id = $1", hash_of(pack), GRACE * 2
        )


def is_stored(depot: Depot, pack: bytes) -> bool:
    return (depot.store / "packs" / hash_of(pack).hex()).exists()


async def test_what_no_build_needs_goes_in_two_steps(depot: Depot) -> None:
    studio = await depot.studio()
    kept = await studio.push(KEPT)
    await studio.branch(kept)
    build_id, pack = await left_over(studio)
    await clear(depot)
    assert (await studio.ask("GET", f"/v1/dev/builds/{build_id}")).body["state"] == "uploading"
    await age(depot, studio)
    await clear(depot)
    assert (await studio.ask("GET", f"/v1/dev/builds/{build_id}")).body["state"] == "dropped"
    assert not (depot.store / "uploads" / build_id.replace("-", "")).exists()
    assert is_stored(depot, pack)
    await left_long_ago(depot, pack)
    await clear(depot)
    assert not is_stored(depot, pack)
    assert await depot.player(studio).take() == KEPT


async def test_while_something_is_uploaded_nothing_of_the_app_goes(depot: Depot) -> None:
    studio = await depot.studio()
    _, pack = await left_over(studio)
    await age(depot, studio)
    other = await studio.begin()
    await clear(depot)
    tree = scan(write(depot.folder / uuid4().hex, LEFT | {"own": studio.app_id.bytes}))
    assert await studio.missing(other, tree) == set()
    await studio.put_tree(other, tree)
    assert (await studio.complete(other, studio.manifest(tree))).status == 200
    await studio.branch(other)
    await age(depot, studio)
    await clear(depot)
    assert is_stored(depot, pack)
    assert (await depot.player(studio).take())["left"] == LEFT["left"]


async def test_what_is_stored_anew_is_there(depot: Depot) -> None:
    studio = await depot.studio()
    _, pack = await left_over(studio)
    await age(depot, studio)
    await clear(depot)
    await left_long_ago(depot, pack)
    again = await studio.begin()
    assert (await studio.put_pack(again, pack)).body["is_new"]
    await clear(depot)
    assert is_stored(depot, pack)


async def test_what_is_being_cleared_away_is_stored_later(depot: Depot) -> None:
    studio = await depot.studio()
    _, pack = await left_over(studio)
    await age(depot, studio)
    await clear(depot)
    async with depot.download.database.transaction() as tx:
        await tx.execute("UPDATE waste SET begun_at = since WHERE id = $1", hash_of(pack))
    again = await studio.begin()
    answer = await studio.put_pack(again, pack)
    assert (answer.status, answer.body["code"]) == (503, "download.store_away")
    await left_long_ago(depot, pack)
    await clear(depot)
    assert not is_stored(depot, pack)
    assert (await studio.put_pack(again, pack)).status == 200
    assert is_stored(depot, pack)


async def test_a_plan_that_nobody_uses_goes_and_is_made_again(depot: Depot) -> None:
    studio = await depot.studio()
    # Builds of two apps with the same content have one plan.
    files = KEPT | {"own": studio.app_id.bytes}
    await studio.branch(await studio.push(files))
    plan = (await depot.player(studio).order()).body["plan_url"].rpartition("/")[2]
    used = (
        "UPDATE plans SET made_at = made_at - $2::interval, used_at = now() - $3::interval WHERE app_id = $1"
    )
    for last_use, rows in ((timedelta(days=29), 1), (timedelta(days=31), 0)):
        async with depot.download.database.transaction() as tx:
            await tx.execute(used, studio.app_id, UNUSED, last_use)
        await clear(depot)
        there = "SELECT count(*) FROM plans WHERE app_id = $1"
        assert await depot.download.database.fetch_value(there, studio.app_id) == rows
    await age(depot, studio)
    await clear(depot)
    async with depot.download.database.transaction() as tx:
        assert await tx.execute(
            "UPDATE waste SET since = since - interval '9 days' WHERE id = $1", bytes.fromhex(plan)
        )
    await clear(depot)
    assert not (depot.store / "plans" / plan).exists()
    assert await depot.player(studio).take() == files


async def test_a_plan_is_noted_as_used_when_it_is_given(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push(KEPT))
    await depot.player(studio).order()
    async with depot.download.database.transaction() as tx:
        await tx.execute(
            "UPDATE plans SET made_at = made_at - interval '9 days' WHERE app_id = $1", studio.app_id
        )
    await depot.player(studio).order()
    used = "SELECT used_at > now() - interval '1 day' FROM plans WHERE app_id = $1"
    assert await depot.download.database.fetch_value(used, studio.app_id)
