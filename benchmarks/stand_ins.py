"""What stands behind the gateway while it is measured: as little as can be."""

import asyncio

from samovar.services.auth.contract.v1_pb2 import ExchangeApiKeyRequest, ExchangeApiKeyResponse

BODY = b'{"items":"' + b"x" * 1_010 + b'"}'
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"


class Backend(asyncio.Protocol):
    """As little of a service as can be: answers every request with the same 1 KB, and counts them."""

    answered = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        self._transport = transport
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        """Answer what has come whole."""
        *whole, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for head in whole:
            counts = b"/count" in head[:16]
            body = b"%d" % Backend.answered if counts else BODY
            Backend.answered += not counts
            self._transport.write(_HEAD % len(body) + body)  # type: ignore[attr-defined]


class KnownAuth:
    """As little of auth as can be: it gives the same token for every API key."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def ExchangeApiKey(self, _request: ExchangeApiKeyRequest) -> ExchangeApiKeyResponse:  # noqa: N802
        """Answer."""
        return ExchangeApiKeyResponse(access_token=self._token, expires_in_s=600)
