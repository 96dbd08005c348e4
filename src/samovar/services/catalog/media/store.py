"""Keeps and shows the pictures of pages.

stored = await store.put(content)
content = await store.find(stored.image, 640)
"""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import timedelta

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput, Unavailable
from samovar.services.catalog.media import repository
from samovar.services.catalog.media.errors import MediaBusy
from samovar.services.catalog.media.files import Files
from samovar.services.catalog.media.painters import Painters
from samovar.services.catalog.media.schemas import StoredImage

# Longer than a draft lies between sending its pictures and naming them.
UNUSED_KEPT = timedelta(days=7)
REMOVED_AT_ONCE_MAX = 200
BATCHES_MAX = 100
# Smaller pictures that are waited for: of some pages full of new ones.
MADE_AT_ONCE_MAX = 512
RETRY_AFTER_S = 2.0


class MediaStore:
    """The pictures of pages: painted anew, kept under the hash of what they look like."""

    def __init__(self, database: Database, *, files: Files, painters: Painters, clock: Clock) -> None:
        self._database = database
        self._files = files
        self._painters = painters
        self._clock = clock
        self._making: dict[tuple[str, int], asyncio.Task[bytes | None]] = {}
        self._turn = asyncio.Semaphore()

    async def put(self, content: bytes) -> StoredImage:
        """Keep a picture: PNG, JPEG or WebP. The same file gives the same picture, and is not painted twice.

        Raises:
            InvalidInput: It is none, or too small or too large.
            MediaBusy: Too many others wait for theirs.
            Unavailable: The store is away.
        """
        source = hashlib.sha256(content).hexdigest()
        known = await repository.choose_painted(self._database, source, self._clock.now())
        if known:
            return known
        try:
            painted = await self._painters.run("paint", content)
        except ValueError as error:
            raise InvalidInput(fields=[FieldError("", str(error), "not a picture that is taken")]) from None
        name = hashlib.sha256(painted.content).hexdigest()
        image = StoredImage(image=name, width=painted.width, height=painted.height)
        async with self._database.transaction() as tx:
            await repository.announce(
                tx, image, source=source, size_bytes=len(painted.content), now=self._clock.now()
            )
            if await repository.is_leaving(tx, name):
                raise Unavailable(f"{name} is being deleted", retry_after_s=RETRY_AFTER_S)
        await self._files.write(_file_of(name), painted.content)
        async with self._database.transaction() as tx:
            await repository.mark_stored(tx, name)
        return image

    async def adopt(self, images: Sequence[str]) -> None:
        """Take up pictures that lie in the store and of which the database knows nothing: a store that was copied beside an export.

        What is not there, or is not what its name says, is passed over.

        Raises:
            MediaBusy: Too many others wait for theirs.
            Unavailable: The store is away.
        """
        stored = await repository.find_stored(self._database, images)
        found = [await self._measured(image) for image in dict.fromkeys(images) if image not in stored]
        adopted = [one for one in found if one is not None]
        if adopted:
            async with self._database.transaction() as tx:
                await repository.adopt(tx, adopted, self._clock.now())

    async def _measured(self, image: str) -> tuple[StoredImage, int] | None:
        content = await self._files.read(_file_of(image))
        if content is None or hashlib.sha256(content).hexdigest() != image:
            return None
        try:
            width, height = await self._painters.run("measure", content)
        except ValueError:
            return None
        return StoredImage(image=image, width=width, height=height), len(content)

    async def find(self, image: str, width: int | None = None) -> bytes | None:
        """Return a picture as WebP, at most so wide; none where there is none. A smaller one is made once and kept.

        Raises:
            MediaBusy: Too many others wait for theirs.
            Unavailable: The store is away.
        """
        if width is None:
            return await self._files.read(_file_of(image))
        kept = await self._files.read(_file_of(image, width))
        if kept is not None:
            return kept
        making = self._making.get((image, width))
        if making is None:
            if len(self._making) >= MADE_AT_ONCE_MAX:
                raise MediaBusy(retry_after_s=RETRY_AFTER_S)
            making = self._begin(image, width)
        # One caller that gives up must not take the picture away from the others.
        return await asyncio.shield(making)

    def _begin(self, image: str, width: int) -> asyncio.Task[bytes | None]:
        """Make a smaller one, for all who ask for it meanwhile."""
        making = asyncio.create_task(self._make(image, width))
        self._making[image, width] = making

        def made(task: asyncio.Task[bytes | None]) -> None:
            del self._making[image, width]
            if not task.cancelled():
                task.exception()  # Fetched, so that nobody logs one that no caller waits for any more.

        making.add_done_callback(made)
        return making

    async def _make(self, image: str, width: int) -> bytes | None:
        async with self._turn:  # One after the other: no more than one whole picture is in memory.
            whole = await self._files.read(_file_of(image))
            if whole is None:
                return None
            small: bytes = await self._painters.run("shrink", whole, width)
            await self._files.write(_file_of(image, width), small)
            return small

    async def remove_unused(self) -> int:
        """Delete the pictures that no page shows and nobody has sent for a week; return how many those were.

        Rows go first, bytes after them: what was cut in between is gone on with.
        """
        before = self._clock.now() - UNUSED_KEPT
        removed = 0
        for _ in range(BATCHES_MAX):
            async with self._database.transaction() as tx:
                await repository.remove_unused(tx, before, REMOVED_AT_ONCE_MAX)
            leaving = await repository.list_removals(self._database, REMOVED_AT_ONCE_MAX)
            for image in leaving:
                await self._files.delete_below(_folder_of(image))
            async with self._database.transaction() as tx:
                await repository.forget_removals(tx, leaving)
            removed += len(leaving)
            if len(leaving) < REMOVED_AT_ONCE_MAX:
                break
        return removed


def _folder_of(image: str) -> str:
    return f"{image[:2]}/{image}"


def _file_of(image: str, width: int | None = None) -> str:
    return f"{_folder_of(image)}/{width or 'whole'}.webp"
