"""Calling clients: with a time-out, without redirects, and never into our own networks."""

import socket
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from samovar.services.auth.sign_out.domain import is_public

TIMEOUT_S = 5.0
ANSWER_BYTES_MAX = 4_096
_TOLD = (200, 204)
_REFUSED = 400


class NotTold(Exception):
    """The client was not reached, or did not understand; trying again may help."""


class RefusedByClient(Exception):
    """The client understood and said no: telling it again changes nothing."""


class PublicResolver(AbstractResolver):
    """Resolves names to addresses of the open internet alone.

    The connection goes to what was checked, so a name that answers otherwise the next time gains nothing.
    """

    def __init__(self) -> None:
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the public addresses of a name."""
        found = [one for one in await self._resolver.resolve(host, port, family) if is_public(one["host"])]
        if not found:
            raise OSError(None, f"{host} leads into a private network")
        return found

    async def close(self) -> None:
        """Close the resolver."""
        await self._resolver.close()


class BackChannel:
    """Sends logout tokens.

    Args:
        allow_private: Also to private addresses and over http: for development.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        resolver = ThreadedResolver() if self._allow_private else PublicResolver()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, limit=20),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def tell(self, uri: str, logout_token: str) -> None:
        """Send a logout token to a client.

        Raises:
            NotTold: The client is away, or its address leads where nothing may be called.
            RefusedByClient: It answered 400.
        """
        if self._session is None:
            raise NotTold("closed")
        url = URL(uri)
        if not self._allow_private and (url.scheme != "https" or not _may_call(url.host)):
            raise NotTold("the address leads into a private network")
        form: dict[str, Any] = {"logout_token": logout_token}
        try:
            async with self._session.post(url, data=form, allow_redirects=False) as answer:
                await answer.content.read(ANSWER_BYTES_MAX)
                status = answer.status
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise NotTold(f"{type(error).__name__}") from None
        if status == _REFUSED:
            raise RefusedByClient("it answered 400")
        if status not in _TOLD:
            raise NotTold(f"it answered {status}")


def _may_call(host: str | None) -> bool:
    """Return whether a host may be called before its name is looked up: addresses written out are never looked up."""
    if host is None:
        return False
    looks_like_address = host.replace(".", "").isdigit() or ":" in host or host.lower().startswith("0x")
    return is_public(host) if looks_like_address else "." in host
