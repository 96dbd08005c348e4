"""What players' devices do with saves."""

import asyncio
from datetime import timedelta
from uuid import UUID

import blake3
import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.rest.answers import span_of
from samovar.services.library.errors import GameNotFound
from samovar.services.library.family import lending
from samovar.services.library.licences import owning
from samovar.services.library.saves import domain, repository
from samovar.services.library.saves.domain import Decision, Upload, Version
from samovar.services.library.saves.errors import (
    SaveConflict,
    SaveNameTaken,
    SaveNotFound,
    SavePreconditionMissing,
    SaveQuotaExceeded,
    SaveRangeInvalid,
    SaveShrunk,
    SaveVersionNotFound,
    TooManySaveConflicts,
)
from samovar.services.library.saves.files import SaveStore
from samovar.services.library.saves.schemas import Choice, PathKey, SaveFile, SaveVersion, VersionKey

GRACE = timedelta(days=1)
DROPPED_AT_ONCE_MAX = 200
_ANY = "*"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """How a device wants a file kept.

    Attributes:
        if_match: The version that it had.
        if_none_match: `*`: it had none.
        is_confirmed: A person has said that the file is meant to be so small.
    """

    device_id: str
    if_match: str | None = None
    if_none_match: str | None = None
    is_confirmed: bool = False


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes of a version; `begin` and `size_bytes` say which of how many."""

    version: SaveVersion
    begin: int
    data: bytes
    is_part: bool


class Saves:
    """The saves of players.

    Args:
        store: Where contents lie.
    """

    def __init__(self, database: Database, *, store: SaveStore, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._new_id = new_id

    async def put(self, account_id: UUID, app_id: UUID, path: str, content: bytes, wish: Wish) -> SaveVersion:
        """Keep what a device has saved, after what it had; the same upload again is the same version.

        Raises:
            InvalidInput: That can be no name of a file.
            SavePreconditionMissing: The device does not say what it had.
            GameNotFound: No licence opens the game.
            SaveConflict: Another device was first; the upload is kept as a side of the conflict.
            SaveShrunk: It is much smaller than what it would replace; ask, and send it confirmed.
            SaveNameTaken: Another file has this name but for its case.
            SaveQuotaExceeded: The game has too many files or bytes.
            TooManySaveConflicts: No further side of this file is kept.
            Unavailable: The store is away.
        """
        _require_path(path)
        content_id = await asyncio.to_thread(lambda: blake3.blake3(content).hexdigest())
        upload = Upload(
            parent_id=_parent_of(wish),
            content_id=content_id,
            size_bytes=len(content),
            is_confirmed=wish.is_confirmed,
        )
        async with self._database.transaction() as tx:
            # Looked at before anything is written to the store; what counts is decided below.
            await self._require_open(tx, account_id, app_id)
            await self._decide(tx, account_id, app_id, path, upload)
            now = self._clock.now()
            blob = await repository.touch_blob(tx, self._new_id(), content_id, len(content), now)
        if not blob.is_stored:
            await self._store.write(name_of(blob.id), content)
        async with self._database.transaction() as tx:
            await repository.lock_game(tx, account_id, app_id)
            await repository.mark_stored(tx, blob.id)
            decision = await self._decide(tx, account_id, app_id, path, upload)
            kept = decision.known
            if kept is None:
                kept = Version(
                    id=self._new_id(),
                    parent_id=upload.parent_id,
                    content_id=content_id,
                    size_bytes=len(content),
                    is_unresolved=decision.is_unresolved,
                )
                await self._keep(
                    tx, account_id, app_id, path, kept, blob_id=blob.id, device_id=wish.device_id
                )
            current = await repository.find_version(tx, account_id, app_id, path, None)
        if decision.is_conflict:
            raise _conflict(current, kept.id)
        if current is None:
            raise SaveNotFound(path)
        return current

    async def delete(
        self, account_id: UUID, app_id: UUID, path: str, if_match: str | None, device_id: str
    ) -> None:
        """Let a file be gone; its versions stay, and any of them restores it.

        Raises:
            SaveNotFound: There is none, or it is gone.
            SaveConflict: It is not what the device has seen.
        """
        async with self._database.transaction() as tx:
            await repository.lock_game(tx, account_id, app_id)
            current = await repository.find_version(tx, account_id, app_id, path, None)
            if current is None or current.content_id is None:
                raise SaveNotFound(path)
            _require_match(if_match, current)
            gone = Version(id=self._new_id(), parent_id=current.version_id, content_id=None, size_bytes=0)
            await self._keep(tx, account_id, app_id, path, gone, blob_id=None, device_id=device_id)

    async def choose(
        self, account_id: UUID, app_id: UUID, path: str, choice: Choice, if_match: str | None
    ) -> SaveVersion:
        """Let a version be the current one: settles the conflict of the file as far as it was seen, or restores an older version.

        Raises:
            SaveVersionNotFound: The file has no such version.
            SaveConflict: The current version is not what the device has seen.
        """
        async with self._database.transaction() as tx:
            await repository.lock_game(tx, account_id, app_id)
            version_id = choice.version_id
            file = await repository.find_file(tx, account_id, app_id, path)
            chosen = await repository.find_version(tx, account_id, app_id, path, version_id)
            current = await repository.find_version(tx, account_id, app_id, path, None)
            if file is None or chosen is None or current is None:
                raise SaveVersionNotFound(f"{version_id}")
            _require_match(if_match, current)
            await repository.settle(tx, list(domain.settled(file, version_id, choice.seen)))
            await repository.put_current(tx, account_id, app_id, path, version_id)
        return msgspec.structs.replace(chosen, is_current=True, is_unresolved=False)

    async def list_files(
        self, account_id: UUID, app_id: UUID, cursor: str | None, limit: int
    ) -> Page[SaveFile]:
        """Return a page of the files of a game, by name; what was saved may be read when the licence is over."""
        after = decode_cursor(cursor, PathKey)
        rows = await repository.list_files(
            self._database, account_id, app_id, after.path if after else None, limit + 1
        )
        return page_of(rows, limit, lambda row: PathKey(row.path))

    async def list_versions(
        self, account_id: UUID, app_id: UUID, path: str, cursor: str | None, limit: int
    ) -> Page[SaveVersion]:
        """Return a page of the versions of a file, the newest first.

        Raises:
            SaveNotFound: There is no such file.
        """
        before = decode_cursor(cursor, VersionKey)
        rows = await repository.list_versions(
            self._database, account_id, app_id, path, before.version_id if before else None, limit + 1
        )
        if not rows and before is None:
            raise SaveNotFound(path)
        return page_of(rows, limit, lambda row: VersionKey(row.version_id))

    async def find(self, account_id: UUID, app_id: UUID, path: str, version_id: UUID | None) -> SaveVersion:
        """Return a version that has a content: the current one where none is named.

        Raises:
            SaveNotFound: There is no such file, or it was deleted.
            SaveVersionNotFound: It has no such version.
        """
        version = await repository.find_version(self._database, account_id, app_id, path, version_id)
        if version is None and version_id:
            raise SaveVersionNotFound(f"{version_id}")
        if version is None or version.content_id is None:
            raise SaveNotFound(path)
        return version

    async def read(self, version: SaveVersion, span: str | None) -> Content:
        """Return the content of a version, or the span of it that a `Range` names.

        Raises:
            SaveRangeInvalid: The span lies outside.
            SaveVersionNotFound: The version was pruned just now.
            Unavailable: The store is away.
        """
        try:
            part = span_of(span, version.size_bytes)
        except ValueError as error:
            raise SaveRangeInvalid(f"{span}") from error
        blob_id = await repository.blob_of(self._database, version.version_id)
        if blob_id is None:
            raise SaveVersionNotFound(f"{version.version_id}")
        begin, end = part or (0, version.size_bytes)
        data = await self._store.read(name_of(blob_id), begin, end)
        return Content(version=version, begin=begin, data=data, is_part=part is not None)

    async def _require_open(self, tx: Transaction, account_id: UUID, app_id: UUID) -> None:
        now = self._clock.now()
        if await owning.opened(tx, account_id, [app_id], now):
            return
        if not await lending.is_lent(tx, account_id, app_id, now):
            raise GameNotFound(f"{app_id}")

    async def _decide(
        self, tx: Transaction, account_id: UUID, app_id: UUID, path: str, upload: Upload
    ) -> Decision:
        file = await repository.find_file(tx, account_id, app_id, path)
        if file is None and domain.clashes(path, await repository.paths(tx, account_id, app_id)):
            raise SaveNameTaken(path)
        decision = domain.decide(file, upload)
        if decision.refusal == "shrunk":
            raise SaveShrunk(path)
        if decision.refusal == "too_many_conflicts":
            raise TooManySaveConflicts(path)
        if decision.known is None:
            usage = await repository.usage(tx, account_id, app_id, path)
            # The current version of this file stays beside a side of a conflict, and makes room for its successor.
            size = usage.size_bytes + upload.size_bytes
            size += file.current.size_bytes if file and decision.is_conflict else 0
            if usage.files >= domain.FILES_MAX or size > domain.GAME_BYTES_MAX:
                raise SaveQuotaExceeded(
                    path, files=domain.FILES_MAX, megabytes=domain.GAME_BYTES_MAX // 1_048_576
                )
        return decision

    async def _keep(
        self,
        tx: Transaction,
        account_id: UUID,
        app_id: UUID,
        path: str,
        version: Version,
        *,
        blob_id: UUID | None,
        device_id: str,
    ) -> None:
        if not version.is_unresolved:
            await repository.put_current(tx, account_id, app_id, path, version.id)
        await repository.insert(
            tx,
            account_id,
            app_id,
            path,
            version,
            blob_id=blob_id,
            device_id=device_id,
            now=self._clock.now(),
        )
        file = await repository.find_file(tx, account_id, app_id, path)
        if file:
            await repository.prune(tx, domain.pruned(file))
        await repository.prune_game(tx, account_id, app_id, domain.GAME_BYTES_MAX)


class SaveWaste:
    """Contents that nothing refers to any more."""

    def __init__(self, database: Database, *, store: SaveStore, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def delete_all(self) -> None:
        """Delete all contents that no version has had for a day: first nobody can refer to them, then they go.

        Raises:
            Unavailable: The store is away; the next run goes on.
        """
        dropped = DROPPED_AT_ONCE_MAX
        while dropped == DROPPED_AT_ONCE_MAX:
            now = self._clock.now()
            async with self._database.transaction() as tx:
                blob_ids = await repository.drop_waste(tx, now - GRACE, now, DROPPED_AT_ONCE_MAX)
            for blob_id in blob_ids:
                await self._store.delete(name_of(blob_id))
            async with self._database.transaction() as tx:
                await repository.forget_blobs(tx, blob_ids)
            dropped = len(blob_ids)


def name_of(blob_id: UUID) -> str:
    """Return the name of a content in the store; no name is ever used twice."""
    return f"saves/{blob_id.hex[-2:]}/{blob_id.hex}"


def _parent_of(wish: Wish) -> UUID | None:
    if wish.if_match is not None:
        parent_id = domain.version_of(wish.if_match)
        if parent_id is None:
            raise SavePreconditionMissing(wish.if_match)
        return parent_id
    if (wish.if_none_match or "").strip() != _ANY:
        raise SavePreconditionMissing(wish.if_none_match)
    return None


def _require_match(if_match: str | None, current: SaveVersion) -> None:
    if (
        if_match is not None
        and if_match.strip() != _ANY
        and domain.version_of(if_match) != current.version_id
    ):
        raise _conflict(current, None)


def _require_path(path: str) -> None:
    if not domain.is_path(path):
        fault = FieldError(
            "path", "save_path_invalid", "a name of at most 255 bytes, its folders divided by `:`"
        )
        raise InvalidInput(path, fields=[fault])


def _conflict(current: SaveVersion | None, yours: UUID | None) -> SaveConflict:
    error = SaveConflict()
    error.members = {"current": current.version_id if current else None, "yours": yours}
    return error
