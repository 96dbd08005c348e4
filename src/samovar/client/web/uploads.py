"""Files of a browser on their way to the session: one address for each of them, which is worth one use.

A browser holds no token of ours, so it cannot bring a file to the API itself; and the socket takes no messages of that size. So a session opens
an address that nobody can guess, the browser puts the file there, and the session goes on with its bytes.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator

from samovar.client.api.console.media import IMAGE_BYTES_MAX

PREFIX = "/client/upload/"
_TICKET_BYTES = 24
# All of them together may lie in memory at once.
_OPEN_MAX = 16
_WAIT_S = 300.0


class TooManyUploads(Exception):
    """So many files are on their way through this process that its memory could run out."""


class UploadTooLarge(Exception):
    """A file has more bytes than is taken."""


class UploadLost(Exception):
    """A file did not come in time."""


class Uploads:
    """The addresses that are open in this process.

    Args:
        bytes_max: Of one file.
        wait_s: How long a session waits for one.
    """

    def __init__(self, *, bytes_max: int = IMAGE_BYTES_MAX, wait_s: float = _WAIT_S) -> None:
        self.bytes_max = bytes_max
        self._wait_s = wait_s
        self._open: dict[str, asyncio.Future[bytes]] = {}

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[tuple[str, asyncio.Future[bytes]]]:
        """Open an address, and close it at the end; its bytes come as the future's result.

        Raises:
            TooManyUploads: Others have to come to their end first.
            UploadTooLarge: Of the future: the file has more bytes than is taken.
            UploadLost: Of the future: it did not come in time.
        """
        if len(self._open) >= _OPEN_MAX:
            raise TooManyUploads
        ticket = secrets.token_urlsafe(_TICKET_BYTES)
        coming: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._open[ticket] = coming
        handle = asyncio.get_running_loop().call_later(self._wait_s, _lose, coming)
        try:
            yield f"{PREFIX}{ticket}", coming
        finally:
            handle.cancel()
            self._open.pop(ticket, None)
            _lose(coming)
            # Nobody may be there to hear of it.
            coming.exception()

    async def receive(self, ticket: str, chunks: AsyncIterator[bytes]) -> int:
        """Take a file at an address and return the status of HTTP: 204, 404 where none waits for it, 413 where it is too large."""
        coming = self._open.pop(ticket, None)
        if coming is None or coming.done():
            return 404
        content = bytearray()
        async for chunk in chunks:
            content += chunk
            if len(content) > self.bytes_max:
                coming.set_exception(UploadTooLarge())
                return 413
        if not coming.done():
            coming.set_result(bytes(content))
        return 204


def _lose(coming: asyncio.Future[bytes]) -> None:
    if not coming.done():
        coming.set_exception(UploadLost())
