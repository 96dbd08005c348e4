"""HTTP to registers: short times, small answers, no redirects."""

from collections.abc import Mapping

import aiohttp
import msgspec

from samovar.services.developer.organisations.legal.registers.port import RegisterAway

TIMEOUT_S = 20.0
ANSWER_BYTES_MAX = 262_144


class Web:
    """One session for all registers, made at the first question."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: object, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Send a JSON document and return status and body of the answer.

        Raises:
            RegisterAway: There is none, in time or at all.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_S), cookie_jar=aiohttp.DummyCookieJar()
            )
        sent = {"Content-Type": "application/json", "Accept": "application/json"} | dict(headers)
        try:
            async with self._session.post(
                url, data=msgspec.json.encode(body), headers=sent, allow_redirects=False
            ) as answer:
                received = b""
                async for piece in answer.content.iter_any():
                    received += piece
                    if len(received) > ANSWER_BYTES_MAX:
                        raise RegisterAway(f"more than {ANSWER_BYTES_MAX} bytes")
                return answer.status, received
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise RegisterAway(f"{type(error).__name__}") from error

    async def close(self) -> None:
        """Close the session."""
        if self._session:
            await self._session.close()
