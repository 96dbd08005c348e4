"""The store of builds: objects under `<kind>/<hex id>`, in a folder or in a bucket. What an object holds never changes."""

import asyncio
import os
from collections.abc import AsyncIterator
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from samovar.services.download.errors import StoreAway

READ_BYTES = 1024 * 1024


def key_of(kind: str, object_id: bytes) -> str:
    """Return the name of an object."""
    return f"{kind}/{object_id.hex()}"


def upload_key(build_id: UUID) -> str:
    """Return the name under which the nodes of an upload lie until it is complete."""
    return f"uploads/{build_id.hex}"


class Store:
    """Reads and writes objects.

    Args:
        place: A folder, which is made when it is needed, or the URL of a bucket, `s3://bucket/prefix`, whose keys come from the environment.
    """

    def __init__(self, place: str) -> None:
        self._place = place

    @cached_property
    def _folder(self) -> Path | None:
        return None if "://" in self._place else Path(self._place).resolve()

    @cached_property
    def _store(self) -> Any:
        return LocalStore(prefix=self._folder, mkdir=True) if self._folder else from_url(self._place)

    async def read(self, key: str) -> bytes:
        """Return an object whole.

        Raises:
            StoreAway: The store is away, or has lost it.
        """
        try:
            found = await obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())
        except (BaseError, OSError) as error:
            raise StoreAway(f"{key}: {error}") from error

    async def stream(self, key: str, begin: int, end: int) -> AsyncIterator[bytes]:
        """Yield bytes of an object, a piece at a time.

        Raises:
            StoreAway: The store is away, or has lost it.
        """
        for at in range(begin, end, READ_BYTES):
            try:
                piece = await obstore.get_range_async(
                    self._store, key, start=at, end=min(at + READ_BYTES, end)
                )
            except (BaseError, OSError) as error:
                raise StoreAway(f"{key}: {error}") from error
            yield bytes(piece)

    def read_now(self, key: str, begin: int, end: int) -> bytes:
        """Return bytes of an object, and wait for them: for processes that do nothing else.

        Raises:
            StoreAway: The store is away, or has lost it.
        """
        try:
            return bytes(obstore.get_range(self._store, key, start=begin, end=end))
        except (BaseError, OSError) as error:
            raise StoreAway(f"{key}: {error}") from error

    async def write(self, key: str, content: bytes | Path) -> None:
        """Keep an object, whole or not at all; it outlives a loss of power.

        Raises:
            StoreAway: The store is away, or full.
        """
        try:
            await obstore.put_async(self._store, key, content)
            if self._folder:
                await asyncio.to_thread(_sync, self._folder / key)
        except (BaseError, OSError) as error:
            raise StoreAway(f"{key}: {error}") from error

    async def delete(self, key: str) -> None:
        """Delete an object; one that is not there is deleted.

        Raises:
            StoreAway: The store is away.
        """
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise StoreAway(f"{key}: {error}") from error


def _sync(path: Path) -> None:
    """Bring a file and its name to the disk."""
    for one in (path, path.parent):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
