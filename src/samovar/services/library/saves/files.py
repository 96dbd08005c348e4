"""The store of contents: bytes under names, in a folder or in a bucket."""

import asyncio
import os
from functools import cached_property
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from samovar.kit.errors import Unavailable


class SaveStore:
    """Reads and writes contents.

    Args:
        place: A folder, which is made when it is needed, or the URL of a bucket: `s3://bucket/prefix`, whose keys come from the environment.
    """

    def __init__(self, place: str) -> None:
        self._place = place

    @cached_property
    def _folder(self) -> Path | None:
        return None if "://" in self._place else Path(self._place).resolve()

    @cached_property
    def _store(self) -> Any:
        return LocalStore(prefix=self._folder, mkdir=True) if self._folder else from_url(self._place)

    async def read(self, name: str, begin: int, end: int) -> bytes:
        """Return bytes of a content.

        Raises:
            Unavailable: The store is away, or has lost it.
        """
        if begin == end:
            return b""
        try:
            return bytes(await obstore.get_range_async(self._store, name, start=begin, end=end))
        except (BaseError, OSError) as error:
            raise Unavailable(f"store of saves: {error}") from error

    async def write(self, name: str, content: bytes) -> None:
        """Keep a content, whole or not at all; it outlives a loss of power.

        Raises:
            Unavailable: The store is away, or full.
        """
        try:
            await obstore.put_async(self._store, name, content)
            if self._folder:
                await asyncio.to_thread(_sync, self._folder / name)
        except (BaseError, OSError) as error:
            raise Unavailable(f"store of saves: {error}") from error

    async def delete(self, name: str) -> None:
        """Delete a content; one that is not there is deleted.

        Raises:
            Unavailable: The store is away.
        """
        try:
            await obstore.delete_async(self._store, name)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise Unavailable(f"store of saves: {error}") from error


def _sync(path: Path) -> None:
    """Bring a file and its name to the disk."""
    for one in (path, path.parent, path.parent.parent):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
