"""The media store: bytes under names, in a folder or in a bucket; the same for both."""

from functools import cached_property
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from samovar.kit.errors import Unavailable


class Files:
    """Reads and writes files of the store.

    Args:
        place: A folder, which is made when it is needed, or the URL of a bucket: `s3://bucket/prefix`. Keys of a bucket come from the environment, as its
            own tools read them.
    """

    def __init__(self, place: str) -> None:
        self._place = place

    @cached_property
    def _store(self) -> Any:
        """The store itself, opened when it is first needed."""
        if "://" in self._place:
            return from_url(self._place)
        return LocalStore(prefix=Path(self._place).resolve(), mkdir=True)

    async def read(self, name: str) -> bytes | None:
        """Return a file, none where there is none.

        Raises:
            Unavailable: The store is away.
        """
        try:
            found = await obstore.get_async(self._store, name)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise Unavailable(f"media store: {error}") from error

    async def write(self, name: str, content: bytes) -> None:
        """Keep a file, whole or not at all.

        Raises:
            Unavailable: The store is away, or full.
        """
        try:
            await obstore.put_async(self._store, name, content)
        except (BaseError, OSError) as error:
            raise Unavailable(f"media store: {error}") from error

    async def delete_below(self, prefix: str) -> None:
        """Delete all files whose names begin with `prefix` and a slash.

        Raises:
            Unavailable: The store is away.
        """
        try:
            async for some in obstore.list(self._store, prefix=prefix):
                for one in some:
                    await self._delete(one["path"])
        except (BaseError, OSError) as error:
            raise Unavailable(f"media store: {error}") from error

    async def _delete(self, name: str) -> None:
        try:
            await obstore.delete_async(self._store, name)
        except FileNotFoundError:
            return
