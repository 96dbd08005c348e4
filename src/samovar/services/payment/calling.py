"""HTTP to those outside: short times, whole but small answers, no cookies and no proxies of the environment."""

import aiohttp

CONNECT_TIMEOUT_S = 3.0
CONNECTIONS_MAX = 40
_CHUNK_BYTES = 16_384


def new_session(timeout_s: float) -> aiohttp.ClientSession:
    """Return connections with `timeout_s` for a whole answer; whoever made them closes them."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS_MAX),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
    )


async def body_of(answer: aiohttp.ClientResponse, bytes_max: int) -> bytes:
    """Return the whole body of an answer, in however many pieces it comes.

    Raises:
        aiohttp.ClientError: It is longer than `bytes_max`, or breaks off.
    """
    body = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > bytes_max:
            raise aiohttp.ClientPayloadError(f"more than {bytes_max} bytes")
    return bytes(body)
