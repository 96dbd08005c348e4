"""API keys as the edge knows them: each is exchanged with auth for a short token, which is kept while it is good.

What is kept is verified anew at each use, as every process does: a key that was revoked, or whose owner has other roles, is
exchanged again at once, and refused where auth refuses it. Without auth nobody gets in whose key is not kept.
"""

import asyncio
import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from samovar.kit.clock import Clock
from samovar.kit.errors import Unauthenticated, Unavailable
from samovar.kit.identity import API_KEY_PREFIX, ApiKeyInvalid
from samovar.kit.identity.verifier import Verifier
from samovar.services.auth.contract.v1_pb2 import ExchangeApiKeyRequest, ExchangeApiKeyResponse

if TYPE_CHECKING:
    from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysAsyncStub

KEY_LENGTH_MAX = 128
KEPT_MAX = 10_000
REFUSED_MAX = 10_000
# A request may be on its way for a while when its token is looked at.
EXCHANGED_AHEAD_S = 20.0
# So long a refusal answers for auth: a server with a dead key must not cost a question with each request.
REFUSED_FOR_S = 3.0
# Envoy waits 0.25 s. What takes longer goes on, and the next request finds it.
WAIT_S = 0.2

Key = tuple[bytes, str]
V = TypeVar("V")


class _Kept(NamedTuple):
    token: str
    until: float


class ApiKeys:
    """Exchanges API keys."""

    def __init__(self, auth: "ApiKeysAsyncStub", verifier: Verifier, clock: Clock) -> None:
        self._auth = auth
        self._verifier = verifier
        self._clock = clock
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._refused: OrderedDict[Key, float] = OrderedDict()
        self._under_way: dict[Key, asyncio.Task[str]] = {}

    async def exchange(self, key: str, address: str) -> str:
        """Return the short token that stands for a key.

        Args:
            key: As the client sent it.
            address: Where it came from.

        Raises:
            ApiKeyInvalid: Auth refuses it.
            RateLimited: The address tries too many.
            Unavailable: Auth is away, or slower than Envoy waits.
        """
        if not (key.startswith(API_KEY_PREFIX) and len(key) <= KEY_LENGTH_MAX and key.isascii()):
            raise ApiKeyInvalid("not of our making")
        digest = hashlib.sha256(key.encode()).digest()
        # A key that counts from some networks only is kept for one address.
        for place in ((digest, ""), (digest, address)):
            if token := await self._find(place):
                return token
        asked = (digest, address)
        if self._refused.get(asked, 0.0) > self._clock.monotonic():
            raise ApiKeyInvalid("refused a moment ago")
        task = self._under_way.get(asked)
        if task is None:
            task = self._under_way[asked] = asyncio.create_task(self._ask(key, asked))
            task.add_done_callback(lambda done: self._end(asked, done))
        try:
            async with asyncio.timeout(WAIT_S):
                return await asyncio.shield(task)
        except TimeoutError:
            raise Unavailable("auth has not answered yet") from None

    def _end(self, asked: Key, done: asyncio.Task[str]) -> None:
        del self._under_way[asked]
        if not done.cancelled():
            done.exception()  # Perhaps nobody waits for it any more.

    async def _find(self, place: Key) -> str | None:
        """Return a kept token if every service would take it."""
        kept = self._kept.get(place)
        if kept is None:
            return None
        try:
            if kept.until > self._clock.monotonic():
                await self._verifier.verify(kept.token)
                return kept.token
        except Unauthenticated:
            pass  # Revoked, or of former roles: auth says what the key is now.
        if self._kept.get(place) is kept:
            del self._kept[place]
        return None

    async def _ask(self, key: str, asked: Key) -> str:
        digest, address = asked
        try:
            answer: ExchangeApiKeyResponse = await self._auth.ExchangeApiKey(
                ExchangeApiKeyRequest(key=key, address=address)
            )
        except Unauthenticated as error:
            if error.code != ApiKeyInvalid.code:
                raise
            _keep(self._refused, asked, self._clock.monotonic() + REFUSED_FOR_S, REFUSED_MAX)
            raise ApiKeyInvalid(str(error)) from error
        until = self._clock.monotonic() + answer.expires_in_s - EXCHANGED_AHEAD_S
        place = (digest, address if answer.is_bound_to_address else "")
        _keep(self._kept, place, _Kept(answer.access_token, until), KEPT_MAX)
        return answer.access_token


def _keep(table: OrderedDict[Key, V], place: Key, value: V, most: int) -> None:
    """Keep the latest."""
    table.pop(place, None)
    table[place] = value
    if len(table) > most:
        table.popitem(last=False)
