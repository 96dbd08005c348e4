"""Puts the pictures that a catalogue file names into the store of media, each once, however often the file is taken."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from samovar.kit.errors import InvalidInput
from samovar.services.catalog.exchange.keeping.pages import Pictures
from samovar.services.catalog.exchange.reading import Source
from samovar.services.catalog.exchange.schemas import AppLine
from samovar.services.catalog.exchange.surveying import Numbered
from samovar.services.catalog.media.store import MediaStore
from samovar.services.catalog.schemas import Medium

PICTURE_BYTES_MAX = 20_000_000
AT_ONCE_MAX = 4


class FolderAlbum:
    """Pictures in the folder of a catalogue file."""

    def __init__(self, store: MediaStore) -> None:
        self._store = store

    async def take(self, source: Source, batch: Sequence[Numbered], /) -> Pictures:
        """Put the files that lines name into the store and return the stored pictures; those that cannot be are left out.

        Pictures that lines name by their hashes are taken up where they lie in the store already: it was copied with an export.

        Raises:
            Unavailable: The store is away.
        """
        media = [
            medium
            for numbered in batch
            if isinstance(numbered.line, AppLine)
            for medium in numbered.line.page.media
        ]
        await self._store.adopt([medium.image for medium in media if medium.image is not None])
        names = {medium.file: None for medium in media if medium.file is not None}
        turns = asyncio.Semaphore(AT_ONCE_MAX)

        async def put(name: str) -> Medium | None:
            async with turns:
                return await self._put(source.folder, name)

        stored = await asyncio.gather(*map(put, names))
        return {name: medium for name, medium in zip(names, stored, strict=True) if medium}

    async def _put(self, folder: Path, name: str) -> Medium | None:
        path = _inside(folder, name)
        if path is None:
            return None
        try:
            content = await asyncio.to_thread(path.read_bytes)
            stored = await self._store.put(content)
        except (OSError, InvalidInput):
            return None
        return Medium(kind="screenshot", image=stored.image, width=stored.width, height=stored.height)


def _inside(folder: Path, name: str) -> Path | None:
    """Return the file of a name, none where that is outside of the folder, by `..` or by a link, or too large."""
    try:
        path = (folder / name).resolve(strict=True)
        is_taken = path.is_relative_to(folder.resolve()) and path.is_file()
        return path if is_taken and path.stat().st_size <= PICTURE_BYTES_MAX else None
    except (OSError, ValueError):  # A NUL in a name is a `ValueError`.
        return None
