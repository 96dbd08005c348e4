"""The public keys of the issuer: fetched, kept while it is away, fetched again when a token names an unknown one."""

import asyncio

import aiohttp
import msgspec
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from samovar.kit.clock import Clock
from samovar.kit.errors import Unavailable
from samovar.kit.identity.caller import TokenInvalid

KEYS_AGE_MAX_S = 300.0
KEYS_FETCH_EVERY_S_MIN = 5.0
KEYS_FETCH_TIMEOUT_S = 2.0
KEYS_BYTES_MAX = 65_536

log = structlog.get_logger(__name__)


class _PublicKey(msgspec.Struct, frozen=True):
    kid: str
    kty: str
    crv: str = ""
    x: str = ""
    y: str = ""
    use: str = "sig"
    alg: str = "ES256"


class _PublicKeys(msgspec.Struct, frozen=True):
    keys: list[_PublicKey]


_decode = msgspec.json.Decoder(_PublicKeys).decode


class KeySet:
    """The public keys of the issuer, fetched from its JWKS address and kept while it is away."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._url = url
        self._clock = clock
        self._keys: dict[str, ECKey] = {}
        self._fetch: asyncio.Task[None] | None = None
        self._tried_at = self._fetched_at = float("-inf")
        self._away = False

    def __contains__(self, kid: str) -> bool:
        return kid in self._keys

    async def find(self, kid: str) -> ECKey:
        """Return the key, fetching the set again when it is not known yet.

        Raises:
            TokenInvalid: The issuer has no such key.
            Unavailable: The issuer is away, so nobody can say.
        """
        if kid not in self._keys:
            await self.refresh(age_s_max=KEYS_FETCH_EVERY_S_MIN)
        if key := self._keys.get(kid):
            return key
        if self._away:
            raise Unavailable("the issuer's keys cannot be fetched", retry_after_s=KEYS_FETCH_EVERY_S_MIN)
        raise TokenInvalid("signed with an unknown key")

    async def refresh(self, *, age_s_max: float) -> None:
        """Fetch the keys when they are older than `age_s_max`, not oftener than the issuer can bear."""
        now = self._clock.monotonic()
        due = now - self._fetched_at >= age_s_max and now - self._tried_at >= KEYS_FETCH_EVERY_S_MIN
        if due and (self._fetch is None or self._fetch.done()):
            self._tried_at = now
            self._fetch = asyncio.create_task(self._fetch_once())
        if self._fetch is not None:
            # A caller that gives up must not stop the fetch that others wait for.
            await asyncio.shield(self._fetch)

    async def _fetch_once(self) -> None:
        timeout = aiohttp.ClientTimeout(total=KEYS_FETCH_TIMEOUT_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as session,
                session.get(self._url, allow_redirects=False) as response,
            ):
                body = await response.content.readexactly(min(response.content_length or 0, KEYS_BYTES_MAX))
            keys = _usable_keys(body)
        except (aiohttp.ClientError, TimeoutError, EOFError, JoseError, ValueError) as error:
            if not self._away:
                # At the start of a platform the issuer may simply come later.
                note = log.warning if self._keys else log.info
                note("signing keys cannot be fetched; the known ones stay", url=self._url, error=repr(error))
            self._away = True
        else:
            self._keys = keys
            self._fetched_at = self._clock.monotonic()
            self._away = False


def _usable_keys(body: bytes) -> dict[str, ECKey]:
    keys = {
        key.kid: ECKey.import_key({"kty": key.kty, "crv": key.crv, "x": key.x, "y": key.y, "kid": key.kid})
        for key in _decode(body).keys
        if (key.kty, key.crv, key.use, key.alg) == ("EC", "P-256", "sig", "ES256")
    }
    if not keys:
        raise ValueError("the set holds no key for ES256")
    return keys
