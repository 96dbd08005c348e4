"""Builds: begun, filled pack by pack, completed."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from samovar.content.format.canonical import encode, hash_of
from samovar.content.format.packs import Pack
from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.download.adapters import Apps
from samovar.services.download.apart import Apart
from samovar.services.download.builds import repository
from samovar.services.download.builds.checking import Checked, Refused, check_build, check_pack
from samovar.services.download.builds.repository import Opened
from samovar.services.download.builds.schemas import (
    HASHES_AT_ONCE_MAX,
    Build,
    BuildKey,
    NewBuild,
    StoredPack,
)
from samovar.services.download.contract.events import BuildPublished
from samovar.services.download.errors import (
    AppNotFound,
    BuildClosed,
    BuildNotFound,
    ChunksMissing,
    ManifestRefused,
    PackRefused,
    QuotaExceeded,
    TooManyUploads,
)
from samovar.services.download.keys.trusted import trusted
from samovar.services.download.repository import revive
from samovar.services.download.rights import PUSH, READ, Rights
from samovar.services.download.settings import DownloadSettings
from samovar.services.download.store import Store, key_of, upload_key

UPLOADS_MAX = 20


class Builds:
    """Builds, as the people of an organisation see them."""

    def __init__(self, database: Database, *, apps: Apps, rights: Rights) -> None:
        self._database = database
        self._apps = apps
        self._rights = rights

    async def page(self, caller: Caller, app_id: UUID, *, cursor: str | None, limit: int) -> Page[Build]:
        """Return builds of an app, the newest first.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's to see.
            CatalogAway: Catalog does not answer.
            InvalidInput: The cursor is not one of this list.
        """
        app = await self._apps.find(app_id)
        if app.organisation_id is None or not self._rights.allow(
            caller, READ, "owner", "editor", "viewer", organisation_id=app.organisation_id, app_id=app_id
        ):
            raise AppNotFound(f"{app_id}")
        after = decode_cursor(cursor, BuildKey)
        rows = await repository.list_of_app(self._database, app_id, after, limit + 1)
        return page_of(rows, limit, lambda row: BuildKey(row.made_at, row.id))

    async def find(self, caller: Caller, build_id: UUID) -> Build:
        """Return a build.

        Raises:
            BuildNotFound: There is none, or it is not the caller's to see.
        """
        opened = await repository.find_opened(self._database, build_id)
        found = await repository.find(self._database, build_id)
        if (
            opened is None
            or found is None
            or not self._rights.allow(
                caller,
                READ,
                "owner",
                "editor",
                "viewer",
                organisation_id=opened.organisation_id,
                app_id=opened.app_id,
            )
        ):
            raise BuildNotFound(f"{build_id}")
        return found


class Uploads:
    """Takes the bytes of builds. What the store has of the app is not sent again, whichever build it came with."""

    def __init__(
        self,
        database: Database,
        *,
        apps: Apps,
        rights: Rights,
        store: Store,
        apart: Apart,
        settings: DownloadSettings,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._apps = apps
        self._rights = rights
        self._store = store
        self._apart = apart
        self._settings = settings
        self._clock = clock
        self._new_id = new_id

    async def begin(self, caller: Caller, app_id: UUID, wanted: NewBuild) -> Build:
        """Begin a build.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's to publish.
            CatalogAway: Catalog does not answer.
            TooManyUploads: Too many are on the way.
        """
        app = await self._apps.find(app_id)
        if app.organisation_id is None or not self._may(caller, app.organisation_id, app_id):
            raise AppNotFound(f"{app_id}")
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await repository.lock_app(tx, app_id)
            if await repository.count_uploads(tx, app_id) >= UPLOADS_MAX:
                raise TooManyUploads(limit=UPLOADS_MAX)
            return await repository.insert(
                tx,
                self._new_id(),
                app_id=app_id,
                organisation_id=app.organisation_id,
                note=wanted.note,
                account_id=caller.account_id,
                now=now,
                expires_at=now + timedelta(seconds=self._settings.upload_ttl_s),
            )

    async def missing(self, caller: Caller, build_id: UUID, hashes: Sequence[str]) -> list[str]:
        """Return the chunks that the app does not have in the store.

        Raises:
            BuildNotFound: There is none, or it is not the caller's.
        """
        upload = await self._find(caller, build_id)
        ids = {bytes.fromhex(one): one for one in hashes}
        lacking = await repository.missing(self._database, upload.app_id, list(ids))
        return [text for chunk_id, text in ids.items() if chunk_id in lacking]

    async def put_pack(self, caller: Caller, build_id: UUID, pack_id: str, data: bytes) -> StoredPack:
        """Keep a pack. Sent again, also by two at once, nothing changes.

        Raises:
            BuildClosed: The build takes no more.
            BuildNotFound: There is none, or it is not the caller's.
            PackRefused: It is no pack, or another one.
            QuotaExceeded: The app has as much as it may have.
            StoreAway: The store does not answer.
        """
        upload = await self._open(caller, build_id)
        pack = await self._checked(data, bytes.fromhex(pack_id))
        chunk_ids = {chunk.id: None for frame in pack.index.frames for chunk in frame.chunks()}
        is_new = not await repository.has_pack(self._database, upload.app_id, pack.id)
        if is_new:
            used = await repository.stored_bytes(self._database, upload.app_id)
            if used + len(data) > self._settings.app_bytes_max:
                raise QuotaExceeded(f"{used} bytes")
            async with self._database.transaction() as tx:
                await revive(tx, "packs", [pack.id], self._clock.now())
            # First the bytes, then the word for them: what is only in the store is waste, what is only in the table is a hole.
            await self._store.write(key_of("packs", pack.id), data)
        async with self._database.transaction() as tx:
            _require_open(await repository.lock(tx, build_id))
            is_new = await repository.insert_pack(
                tx,
                upload.app_id,
                pack.id,
                size_bytes=pack.size,
                pack_index=encode(pack.index),
                chunk_ids=list(chunk_ids),
                now=self._clock.now(),
            )
        return StoredPack(id=pack_id, size_bytes=pack.size, chunks=len(chunk_ids), is_new=is_new)

    async def put_tree(self, caller: Caller, build_id: UUID, data: bytes) -> None:
        """Keep the nodes of the tree until the build is completed.

        Raises:
            BuildClosed: The build takes no more.
            BuildNotFound: There is none, or it is not the caller's.
            StoreAway: The store does not answer.
        """
        await self._open(caller, build_id)
        await self._store.write(upload_key(build_id), data)

    async def complete(self, caller: Caller, build_id: UUID, manifest: bytes) -> Build:
        """Complete a build. The same manifest once more is the same build.

        Raises:
            BuildClosed: It is complete with another manifest, or was given up.
            BuildNotFound: There is none, or it is not the caller's.
            ChunksMissing: The store lacks chunks.
            ManifestRefused: Nobody's key has signed it, or the tree is another one.
            StoreAway: The store does not answer, or has no tree for this build.
        """
        upload = await self._find(caller, build_id)
        if upload.manifest == manifest:
            return await self._ready(build_id)
        _require_open(upload)
        nodes = await self._store.read(upload_key(build_id))
        checked = await self._check(upload, manifest, nodes)
        pack_ids = await self._packs(upload.app_id, checked.chunk_ids)
        now = self._clock.now()
        tree_key, manifest_id = key_of("trees", checked.manifest.tree), hash_of(manifest)
        await self._store.write(tree_key, nodes)
        await self._store.write(key_of("manifests", manifest_id), manifest)
        async with self._database.transaction() as tx:
            await repository.lock_app(tx, upload.app_id)
            locked = await repository.lock(tx, build_id)
            if locked is not None and locked.manifest == manifest:
                return await self._ready(build_id)
            _require_open(locked)
            await repository.insert_object(tx, upload.app_id, "trees", checked.manifest.tree, len(nodes), now)
            await repository.insert_object(tx, upload.app_id, "manifests", manifest_id, len(manifest), now)
            await repository.keep_packs(tx, build_id, sorted(pack_ids))
            build = await repository.complete(
                tx,
                build_id,
                manifest=manifest,
                manifest_id=manifest_id,
                tree=checked.manifest.tree,
                size_bytes=checked.manifest.size,
                files=checked.manifest.files,
                now=now,
            )
            await tx.publish(
                BuildPublished(
                    build_id=build_id,
                    app_id=upload.app_id,
                    organisation_id=upload.organisation_id,
                    number=build.number or 0,
                    size_bytes=checked.manifest.size,
                    published_at=now,
                )
            )
        await self._store.delete(upload_key(build_id))
        return build

    async def _packs(self, app_id: UUID, chunk_ids: list[bytes]) -> set[bytes]:
        """Return the packs in which chunks lie, and refuse what the store lacks."""
        lacking = 0
        found: set[bytes] = set()
        for some in _batches(chunk_ids):
            lacking += len(await repository.missing(self._database, app_id, some))
            found |= await repository.packs_of(self._database, app_id, some)
        if lacking:
            raise ChunksMissing(count=lacking)
        return found

    async def _check(self, upload: Opened, manifest: bytes, nodes: bytes) -> Checked:
        public_keys = await trusted(self._database, upload.organisation_id)
        try:
            return await self._apart.run(
                len(nodes), check_build, manifest, nodes, upload.app_id.bytes, public_keys
            )
        except Refused as error:
            raise ManifestRefused(str(error), reason=str(error)) from None

    async def _checked(self, data: bytes, pack_id: bytes) -> Pack:
        try:
            return await asyncio.to_thread(check_pack, data, pack_id)
        except Refused as error:
            raise PackRefused(str(error), reason=str(error)) from None

    async def _ready(self, build_id: UUID) -> Build:
        build = await repository.find(self._database, build_id)
        if build is None:
            raise BuildNotFound(f"{build_id}")
        return build

    async def _open(self, caller: Caller, build_id: UUID) -> Opened:
        upload = await self._find(caller, build_id)
        _require_open(upload)
        return upload

    async def _find(self, caller: Caller, build_id: UUID) -> Opened:
        upload = await repository.find_opened(self._database, build_id)
        if upload is None or not self._may(caller, upload.organisation_id, upload.app_id):
            raise BuildNotFound(f"{build_id}")
        return upload

    def _may(self, caller: Caller, organisation_id: UUID, app_id: UUID) -> bool:
        return self._rights.allow(
            caller, PUSH, "owner", "editor", organisation_id=organisation_id, app_id=app_id
        )


def _require_open(upload: Opened | None) -> None:
    if upload is None or upload.state != "uploading":
        raise BuildClosed(upload.state if upload else "gone")


def _batches(chunk_ids: list[bytes]) -> list[list[bytes]]:
    return [chunk_ids[at : at + HASHES_AT_ONCE_MAX] for at in range(0, len(chunk_ids), HASHES_AT_ONCE_MAX)]
