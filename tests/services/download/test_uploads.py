"""What is uploaded is what was signed, whole, and nobody else's; bad bytes change nothing."""

import asyncio
import base64
import io
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samovar.content.format.scan import scan
from tests.services.download.depot import Depot, Studio, hash_of, write

FILES = {"игра.bin": bytes(range(256)) * 2_000, "a/b": b"ab"}


async def upload(studio: Studio, files: dict[str, bytes]) -> tuple[str, bytes, list[bytes]]:
    """Begin a build and send its tree; return its id, its manifest and the packs that are still to be sent."""
    source = write(studio.depot.folder / uuid4().hex, files)
    tree, build_id = scan(source), await studio.begin()
    await studio.put_tree(build_id, tree)
    return build_id, studio.manifest(tree), studio.pack(source, await studio.missing(build_id, tree))


async def test_what_is_sent_twice_is_there_once(depot: Depot) -> None:
    studio = await depot.studio()
    build_id, manifest, packs = await upload(studio, FILES)
    sent = await asyncio.gather(*(studio.put_pack(build_id, packs[0]) for _ in range(4)))
    assert [one.status for one in sent] == [200] * 4
    assert sum(one.body["is_new"] for one in sent) == 1
    done = await asyncio.gather(*(studio.complete(build_id, manifest) for _ in range(4)))
    assert [one.status for one in done] == [200] * 4
    assert {one.body["number"] for one in done} == {1}
    again = await studio.put_pack(build_id, packs[0])
    assert (again.status, again.body["code"]) == (409, "download.build_closed")


async def test_a_build_that_lacks_chunks_is_not_complete(depot: Depot) -> None:
    studio = await depot.studio()
    build_id, manifest, packs = await upload(studio, FILES)
    refused = await studio.complete(build_id, manifest)
    assert (refused.status, refused.body["code"]) == (409, "download.chunks_missing")
    assert "Не хватает частей" in refused.body["detail"]
    for pack in packs:
        await studio.put_pack(build_id, pack)
    assert (await studio.complete(build_id, manifest)).status == 200


async def test_a_damaged_pack_is_refused(depot: Depot) -> None:
    studio = await depot.studio()
    build_id, _, packs = await upload(studio, FILES)
    for place in (0, len(packs[0]) // 2, len(packs[0]) - 1):
        damaged = bytearray(packs[0])
        damaged[place] ^= 1
        for name in (hash_of(packs[0]), hash_of(bytes(damaged))):
            refused = await studio.ask(
                "PUT", f"/v1/dev/builds/{build_id}/packs/{name.hex()}", data=io.BytesIO(damaged)
            )
            assert (refused.status, refused.body["code"]) == (422, "download.pack_refused"), refused.body
    nonsense = await studio.ask("PUT", f"/v1/dev/builds/{build_id}/packs/{'0' * 64}", data=b"nonsense")
    assert nonsense.status == 422
    assert await depot.download.database.fetch_value(
        "SELECT count(*) = 0 FROM packs WHERE app_id = $1", studio.app_id
    )


async def test_a_manifest_is_signed_by_a_key_that_counts(depot: Depot) -> None:
    studio = await depot.studio()
    build_id, manifest, packs = await upload(studio, FILES)
    for pack in packs:
        await studio.put_pack(build_id, pack)
    mine, studio.key = studio.key, Ed25519PrivateKey.generate()
    source = write(depot.folder / uuid4().hex, FILES)
    for wrong in (studio.manifest(scan(source)), b"nonsense", manifest[:-1]):
        refused = await studio.complete(build_id, wrong)
        assert (refused.status, refused.body["code"]) == (422, "download.manifest_refused"), refused.body
    studio.key = mine
    other = studio.manifest(scan(write(depot.folder / uuid4().hex, {"other": b"x"})))
    assert (await studio.complete(build_id, other)).body["code"] == "download.manifest_refused"
    [key] = (await studio.ask("GET", f"/v1/dev/organizations/{studio.organisation_id}/build-keys")).body
    path = f"/v1/dev/organizations/{studio.organisation_id}/build-keys/{key['id']}"
    assert (await studio.ask("DELETE", path)).status == 204
    assert (await studio.complete(build_id, manifest)).body["code"] == "download.manifest_refused"
    assert (await studio.add_key()).body["code"] == "download.build_key_not_found"


async def test_nobody_gets_at_a_chunk_by_its_hash(depot: Depot) -> None:
    studio, thief = await depot.studio(), await depot.studio()
    await studio.push(FILES)
    build_id, manifest, packs = await upload(thief, FILES)
    assert packs
    refused = await thief.complete(build_id, manifest)
    assert refused.body["code"] == "download.chunks_missing"


async def test_others_see_no_build(depot: Depot) -> None:
    studio, other = await depot.studio(), await depot.studio()
    build_id, manifest, packs = await upload(studio, FILES)
    body = {"manifest": base64.b64encode(manifest).decode()}
    path = f"/v1/dev/builds/{build_id}"
    answers = [
        await other.ask("GET", path),
        await other.ask("POST", f"{path}/commit", json=body),
        await other.ask("POST", f"{path}/chunks/missing", json={"chunks": ["0" * 64]}),
        await other.ask("PUT", f"{path}/packs/{hash_of(packs[0]).hex()}", data=packs[0]),
        await other.ask("PUT", f"{path}/tree", data=b"x"),
        await studio.ask("POST", f"{path}/commit", level="viewer", json=body),
        await other.ask("POST", f"/v1/dev/apps/{studio.app_id}/builds", json={}),
        await other.ask("GET", f"/v1/dev/apps/{studio.app_id}/builds"),
        await other.ask("GET", f"/v1/dev/organizations/{studio.organisation_id}/build-keys"),
    ]
    assert [one.status for one in answers] == [404] * len(answers)
    listed = await studio.ask("GET", f"/v1/dev/apps/{studio.app_id}/builds", level="viewer")
    assert [one["state"] for one in listed.body["items"]] == ["uploading"]


async def test_an_app_has_no_more_than_its_room_in_which_deltas_do_not_count(depot: Depot) -> None:
    studio = await depot.studio()
    build_id, _, packs = await upload(studio, FILES)

    async def fill(kind: str) -> None:
        async with depot.download.database.transaction() as tx:
            await tx.execute(
                """
                INSERT INTO objects (app_id, kind, id, size_bytes, stored_at)
                VALUES ($1, $2, decode(repeat('00', 32), 'hex'), 20000000, now())
                """,
                studio.app_id,
                kind,
            )

    await fill("deltas")
    assert (await studio.put_pack(build_id, packs[0])).status == 200
    await fill("trees")
    build_id, _, packs = await upload(studio, {"other": b"other" * 1000})
    refused = await studio.put_pack(build_id, packs[0])
    assert (refused.status, refused.body["code"]) == (409, "download.quota_exceeded")


async def test_nonsense_names_its_field(depot: Depot) -> None:
    studio = await depot.studio()
    build_id = await studio.begin()
    path = f"/v1/dev/builds/{build_id}"
    for method, where, body in (
        ("POST", f"{path}/chunks/missing", {"chunks": ["xyz"]}),
        ("POST", f"{path}/chunks/missing", {"chunks": []}),
        ("POST", f"{path}/commit", {"manifest": "@@@"}),
        (
            "POST",
            f"/v1/dev/organizations/{studio.organisation_id}/build-keys",
            {"name": "x", "public_key": "AAAA"},
        ),
        ("PUT", f"/v1/dev/apps/{studio.app_id}/branches/Main!", {"build_id": build_id}),
        ("PUT", f"/v1/dev/apps/{studio.app_id}/branches/beta", {"build_id": build_id, "percent": 0}),
        ("PUT", f"/v1/dev/apps/{studio.app_id}/branches/beta", {"build_id": build_id, "password": "short"}),
    ):
        answer = await studio.ask(method, where, json=body)
        assert answer.status == 422, (where, answer.body)
        assert answer.body["errors"], where
    too_early = await studio.branch(build_id)
    assert (too_early.status, too_early.body["code"]) == (422, "download.build_unfit")
