"""Download beside a catalog and a library that a test fills; a developer who pushes folders, and a player who takes them."""

import base64
import io
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from blake3 import blake3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from samovar.content.format.canonical import encode
from samovar.content.format.chunking import STANDARD, Chunk
from samovar.content.format.manifest import (
    Manifest,
    check_manifest,
    check_tree,
    describe,
    key_id,
    open_manifest,
    open_release,
    sign,
    verify,
)
from samovar.content.format.packs import PackWriter
from samovar.content.format.plan import PLAN_BYTES_MAX, read_plan
from samovar.content.format.scan import scan
from samovar.content.format.tree import Tree, build_tree
from samovar.kit.identity import RoleGrant
from samovar.services.catalog.contract import v1_pb2 as catalog
from samovar.services.catalog.contract.v1_pb2_grpc import AppsServicer
from samovar.services.download.builds.checking import pack_nodes
from samovar.services.library.contract import v1_pb2 as library
from samovar.services.library.contract.v1_pb2_grpc import LicencesServicer
from samovar.testing.hosting import Answer, Running
from tests.content.format.client import Client

UNAVAILABLE = 14
Files = dict[str, bytes]


class AppsPeer(AppsServicer):
    """Catalog, as far as it is asked of apps."""

    def __init__(self) -> None:
        self.apps: dict[str, catalog.App] = {}
        self.away = False

    async def BatchGetApps(self, request: Any, context: Any) -> catalog.BatchGetAppsResponse:  # noqa: N802
        """Return those that there are."""
        if self.away:
            await context.abort(UNAVAILABLE, "away")
        return catalog.BatchGetAppsResponse(
            apps={one: self.apps[one] for one in request.app_ids if one in self.apps}
        )


class LicencesPeer(LicencesServicer):
    """Library, as far as it is asked who has what: `owned` are account and app."""

    def __init__(self) -> None:
        self.owned: set[tuple[str, str]] = set()
        self.lent: set[tuple[str, str]] = set()
        self.granted: set[tuple[str, str]] = set()
        self.away = False

    async def BatchCheck(self, request: Any, context: Any) -> library.BatchCheckResponse:  # noqa: N802
        """Return who has what."""
        if self.away:
            await context.abort(UNAVAILABLE, "away")
        return library.BatchCheckResponse(
            holdings={
                one: library.Holding(
                    owned=(request.account_id, one) in self.owned,
                    kinds=[
                        kind
                        for kind, pairs in (
                            (library.LICENCE_KIND_FAMILY, self.lent),
                            (library.LICENCE_KIND_GRANT, self.granted),
                        )
                        if (request.account_id, one) in pairs
                    ],
                )
                for one in request.app_ids
            }
        )


class Studio:
    """An organisation with one game and one developer, who pushes folders as a client does."""

    def __init__(self, depot: "Depot", folder: Path) -> None:
        self.depot = depot
        self.organisation_id, self.app_id, self.account_id = uuid4(), uuid4(), uuid4()
        self.key = Ed25519PrivateKey.generate()
        self.sent_bytes = 0
        self._folder = folder
        depot.apps.apps[str(self.app_id)] = catalog.App(
            slug="samovar-tales",
            kind="game",
            state="published",
            stage="released",
            organisation_id=str(self.organisation_id),
        )

    async def ask(self, method: str, path: str, *, level: str = "editor", **more: Any) -> Answer:
        """Ask as the developer."""
        return await self.depot.download.request(
            method,
            path,
            account_id=more.pop("account_id", self.account_id),
            roles=("player", "developer"),
            grants=(RoleGrant.parse(f"{level}@{self.organisation_id}"),),
            **more,
        )

    async def add_key(self) -> Answer:
        """Let the organisation sign with its key."""
        raw = self.key.public_key().public_bytes_raw()
        return await self.ask(
            "POST",
            f"/v1/dev/organizations/{self.organisation_id}/build-keys",
            json={"name": "ноутбук", "public_key": base64.b64encode(raw).decode()},
        )

    async def begin(self) -> str:
        """Begin a build and return its id."""
        answer = await self.ask("POST", f"/v1/dev/apps/{self.app_id}/builds", json={"note": "первая"})
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    async def missing(self, build_id: str, tree: Tree) -> set[bytes]:
        """Return the chunks of a tree that the store lacks."""
        chunks = {chunk.id for _, file in tree.files for chunk in tree.chunks(file)}
        if not chunks:
            return set()
        answer = await self.ask(
            "POST",
            f"/v1/dev/builds/{build_id}/chunks/missing",
            json={"chunks": [one.hex() for one in chunks]},
        )
        assert answer.status == 200, answer.body
        return {bytes.fromhex(one) for one in answer.body["missing"]}

    def pack(self, source: Path, only: set[bytes]) -> list[bytes]:
        """Return packs with the chunks of a folder, of those that are wanted."""
        target = self._folder / uuid4().hex
        target.mkdir()

        class Sink:
            def add(self, chunk: Chunk, data: bytes) -> None:
                if chunk.id in only:
                    writer.add(chunk, data)

        with ThreadPoolExecutor(1) as threads, PackWriter(target, threads, pack_bytes=1024 * 1024) as writer:
            scan(source, Sink())
        packs = [(target / pack.id.hex()).read_bytes() for pack in writer.packs]
        shutil.rmtree(target)
        return packs

    def manifest(self, tree: Tree, *, created: int = 1_796_000_000) -> bytes:
        """Return the signed manifest of a tree."""
        told: Manifest = describe(tree, app=self.app_id.bytes, chunking=STANDARD, created=created)
        return sign("manifest", encode(told), self.key)

    async def put_pack(self, build_id: str, data: bytes) -> Answer:
        """Send a pack."""
        self.sent_bytes += len(data)
        return await self.ask(
            "PUT", f"/v1/dev/builds/{build_id}/packs/{hash_of(data).hex()}", data=io.BytesIO(data)
        )

    async def put_tree(self, build_id: str, tree: Tree) -> Answer:
        """Send the nodes of a tree."""
        return await self.ask("PUT", f"/v1/dev/builds/{build_id}/tree", data=pack_nodes(tree))

    async def complete(self, build_id: str, manifest: bytes) -> Answer:
        """Complete a build."""
        return await self.ask(
            "POST",
            f"/v1/dev/builds/{build_id}/commit",
            json={"manifest": base64.b64encode(manifest).decode()},
        )

    async def push(self, files: Files) -> str:
        """Push a folder and return the id of the build."""
        source = write(self._folder / uuid4().hex, files)
        tree = scan(source)
        build_id = await self.begin()
        for data in self.pack(source, await self.missing(build_id, tree)):
            answer = await self.put_pack(build_id, data)
            assert answer.status == 200, answer.body
        assert (await self.put_tree(build_id, tree)).status == 204
        answer = await self.complete(build_id, self.manifest(tree))
        assert answer.status == 200, answer.body
        return build_id

    async def branch(self, build_id: str, name: str = "main", **more: Any) -> Answer:
        """Let a branch give a build."""
        return await self.ask(
            "PUT", f"/v1/dev/apps/{self.app_id}/branches/{name}", json={"build_id": build_id, **more}
        )


class Player:
    """Somebody with one device, who has a build of one game, or none."""

    def __init__(self, depot: "Depot", app_id: UUID) -> None:
        self.depot = depot
        self.app_id = app_id
        self.account_id = uuid4()
        self.files: Files = {}
        self.tree: Tree = build_tree([])
        self.build_id: str | None = None
        self.fetched_bytes = 0
        self._seen = 0

    def owns(self) -> None:
        """Have a licence from now on."""
        self.depot.licences.owned.add((str(self.account_id), str(self.app_id)))

    async def order(self, **more: Any) -> Answer:
        """Order the game."""
        return await self.depot.download.request(
            "POST",
            "/v1/downloads",
            account_id=self.account_id,
            json={
                "game_id": str(self.app_id),
                "device_id": "ноутбук".encode().hex(),
                **({"from_build": self.build_id} if self.build_id else {}),
                **more,
            },
        )

    async def fetch(self, url: str, **more: Any) -> Answer:
        """Fetch a content, as nobody in particular."""
        answer = await self.depot.download.request("GET", url, **more)
        if answer.status in {200, 206}:
            self.fetched_bytes += len(answer.body)
        return answer

    async def take(self, **more: Any) -> Files:
        """Order the game, fetch it, and return its files."""
        answer = await self.order(**more)
        assert answer.status == 201, answer.body
        told = answer.body
        platform = _keys(told["platform_keys"])
        release = open_release(
            base64.b64decode(told["release"]),
            platform,
            app=self.app_id.bytes,
            branch=told["branch"],
            now=1,
            sequence_seen=self._seen,
        )
        envelope = (await self.fetch(told["manifest_url"])).body
        check_manifest(release, envelope)
        manifest = open_manifest(envelope, _keys(told["developer_keys"]), app=self.app_id.bytes)
        plan = verify("plan", (await self.fetch(told["plan_url"])).body, platform, bytes_max=PLAN_BYTES_MAX)
        needed, tree = read_plan(plan, self.tree)
        check_tree(manifest, tree)
        held: dict[str, bytes] = {}
        for key in needed.objects:
            held[key] = bytes(await self._object(told["content_base_url"], key, needed))
        files = Client(self.files, self.tree, lambda key, at, length: held[key][at : at + length]).take(plan)
        self.files, self.tree, self.build_id = files, tree, told["build_id"]
        self._seen = release.sequence
        return files

    async def _object(self, base: str, key: str, plan: Any) -> bytearray:
        """Fetch of an object what the plan needs, and leave the rest empty."""
        number = plan.objects.index(key)
        held = bytearray()
        for frame in plan.frames:
            if frame.object == number:
                end = frame.offset + frame.length
                answer = await self.fetch(base + key, headers={"Range": f"bytes={frame.offset}-{end - 1}"})
                assert answer.status in {200, 206}, answer.body
                held.extend(bytes(max(0, end - len(held))))
                held[frame.offset : end] = answer.body
        return held


class Depot:
    """The service and what is beside it."""

    def __init__(
        self, download: Running, apps: AppsPeer, licences: LicencesPeer, folder: Path, store: Path
    ) -> None:
        self.download = download
        self.apps = apps
        self.licences = licences
        self.folder = folder
        self.store = store

    async def studio(self) -> Studio:
        """Return an organisation with a game, which may sign builds."""
        studio = Studio(self, self.folder)
        assert (await studio.add_key()).status == 201
        return studio

    def player(self, studio: Studio) -> Player:
        """Return somebody who has a studio's game."""
        player = Player(self, studio.app_id)
        player.owns()
        return player


def write(folder: Path, files: Files) -> Path:
    """Write files into a folder."""
    folder.mkdir()
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def hash_of(data: bytes) -> bytes:
    """Return the BLAKE3 of bytes, without the code under test."""
    return blake3(data).digest()


def _keys(told: list[dict[str, str]]) -> dict[bytes, Ed25519PublicKey]:
    found = [Ed25519PublicKey.from_public_bytes(base64.b64decode(one["public_key"])) for one in told]
    return {key_id(key): key for key in found}
