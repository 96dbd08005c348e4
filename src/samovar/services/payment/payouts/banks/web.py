"""HTTP to those outside."""

import aiohttp

from samovar.kit.errors import Unavailable
from samovar.kit.settings import Secret
from samovar.services.payment.calling import body_of, new_session

TIMEOUT_S = 15.0
ANSWER_BYTES_MAX = 65_536


class Web:
    """HTTP to those outside, over one session a process."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def ask(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        token: Secret | None = None,
        key: str | None = None,
    ) -> tuple[int, bytes]:
        """Return status and body of an answer.

        Raises:
            Unavailable: There is none, in time or at all.
        """
        if self._session is None:
            self._session = new_session(TIMEOUT_S)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token.reveal()}"
        if key:
            headers["Idempotency-Key"] = key
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                return answer.status, await body_of(answer, ANSWER_BYTES_MAX)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unavailable(f"{type(error).__name__}") from error

    async def close(self) -> None:
        """Close the session."""
        if self._session:
            await self._session.close()
