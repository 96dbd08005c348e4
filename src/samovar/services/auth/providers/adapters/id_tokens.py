"""ID tokens (OpenID Connect Core 1.0, section 3.1.3.7), verified with the provider's published keys."""

import asyncio
import base64
import hmac
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import structlog
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from samovar.kit.clock import Clock
from samovar.services.auth.providers.adapters.calls import Calls
from samovar.services.auth.providers.domain import ATTEMPT_LIFETIME, CLOCK_SKEW
from samovar.services.auth.providers.errors import ProviderAnswerInvalid, ProviderAway

TOKEN_LENGTH_MAX = 16_384
KEYS_AGE_MAX_S = 3_600.0
# A stranger can send tokens with made-up key ids; each of them must not cost the provider a request.
REFRESH_FLOOR_S = 30.0
# A provider that was away a moment ago is not asked by everybody who waits for it.
RETRY_FLOOR_S = 3.0
KEYS_MAX = 32
_SEGMENTS = 3

Key = RSAKey | ECKey
log = structlog.get_logger(__name__)


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a header may hold: `jku`, `jwk`, `x5u`, `crit` and their like are refused by being unknown (RFC 8725)."""

    alg: str
    kid: str | None = None
    typ: str | None = None


class Claims(msgspec.Struct, frozen=True):
    """What decides whether a token is meant for this journey."""

    iss: str
    aud: str | tuple[str, ...]
    exp: float
    iat: float
    sub: str | int
    nonce: str | None = None
    azp: str | None = None
    nbf: float = 0


class ProviderKeys:
    """A provider's public keys: kept for an hour, asked for again at an unknown key, by one request at a time.

    Args:
        monotonic: Returns seconds that never go back.
    """

    def __init__(self, calls: Calls, url: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._url = url
        self._monotonic = monotonic
        self._keys: dict[str, Key] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._was_away = False
        self._fetching = asyncio.Lock()

    async def find(self, kid: str) -> Key:
        """Return a key.

        Raises:
            ProviderAnswerInvalid: The provider does not publish it.
            ProviderAway: The provider cannot be asked, and the key is not known.
        """
        if kid not in self._keys or self._is_older_than(self._fetched_at, KEYS_AGE_MAX_S):
            async with self._fetching:
                await self._refresh(kid)
        if kid not in self._keys:
            raise ProviderAnswerInvalid("signed with a key that the provider does not publish")
        return self._keys[kid]

    async def _refresh(self, kid: str) -> None:
        """Fetch the keys, unless whoever held the lock before has just done so."""
        if kid in self._keys and not self._is_older_than(self._fetched_at, KEYS_AGE_MAX_S):
            return
        if not self._is_older_than(self._tried_at, RETRY_FLOOR_S if self._was_away else REFRESH_FLOOR_S):
            if self._was_away and kid not in self._keys:
                raise ProviderAway("the keys could not be fetched a moment ago")
            return
        self._tried_at, self._was_away = self._monotonic(), True
        try:
            self._keys = _keys_in(await self._calls.get(self._url))
        except (ProviderAway, ProviderAnswerInvalid) as error:
            if kid not in self._keys:
                raise ProviderAway(f"the keys cannot be fetched: {error}") from error
            log.warning("keys of a provider cannot be fetched; the old ones still count", url=self._url)
        else:
            self._fetched_at, self._was_away = self._tried_at, False

    def _is_older_than(self, moment: float | None, age_s: float) -> bool:
        return moment is None or self._monotonic() - moment > age_s


class IdTokens:
    """Verifies the ID tokens of one provider.

    Args:
        algorithms: The only ones that count; `none` and the symmetric ones never do.
        keys: None where the signature is of a kind that only certified software checks, as Sber's ГОСТ. Then the token
            counts because it came over TLS straight from the provider's token address (section 3.1.3.7, rule 6).
    """

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        algorithms: tuple[str, ...],
        keys: ProviderKeys | None,
        clock: Clock,
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._algorithms = algorithms
        self._keys = keys
        self._clock = clock

    async def verify(self, token: object, nonce: str) -> dict[str, Any]:
        """Return the claims.

        Raises:
            ProviderAnswerInvalid: It is forged, run out, or made for somebody else or another journey.
            ProviderAway: Its key is not known and the provider cannot be asked.
        """
        if not isinstance(token, str) or len(token) > TOKEN_LENGTH_MAX or not token.isascii():
            raise ProviderAnswerInvalid("no ID token")
        try:
            payload = await self._payload(token)
            claims = msgspec.json.decode(payload, type=Claims)
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise ProviderAnswerInvalid(f"ID token: {type(error).__name__}") from None
        if fault := self._fault_of(claims, nonce):
            raise ProviderAnswerInvalid(f"ID token: {fault}")
        return msgspec.json.decode(payload, type=dict[str, Any])

    async def _payload(self, token: str) -> bytes:
        """Return the payload once its signature is right."""
        segments = token.split(".")
        if len(segments) != _SEGMENTS:
            raise ProviderAnswerInvalid("ID token: not three parts")
        header = msgspec.json.decode(_base64url(segments[0]), type=Header)
        if header.alg not in self._algorithms or (header.typ or "JWT").upper() != "JWT":
            raise ProviderAnswerInvalid("ID token: an algorithm or a type that does not count")
        if self._keys is None:
            return _base64url(segments[1])
        if header.kid is None:
            raise ProviderAnswerInvalid("ID token: no key id")
        key = await self._keys.find(header.kid)
        return jws.deserialize_compact(token, key, algorithms=list(self._algorithms)).payload or b""

    def _fault_of(self, claims: Claims, nonce: str) -> str | None:
        now_s, skew_s = self._clock.now().timestamp(), CLOCK_SKEW.total_seconds()
        audience = (claims.aud,) if isinstance(claims.aud, str) else claims.aud
        checks = (
            (claims.iss == self._issuer, "another issuer"),
            (self._client_id in audience, "another audience"),
            (len(audience) == 1 or claims.azp is not None, "several audiences and no azp"),
            (claims.azp in {None, self._client_id}, "another authorised party"),
            (hmac.compare_digest((claims.nonce or "").encode(), nonce.encode()), "another nonce"),
            (now_s < claims.exp + skew_s, "run out"),
            (max(claims.iat, claims.nbf) <= now_s + skew_s, "from the future"),
            (now_s - claims.iat <= ATTEMPT_LIFETIME.total_seconds() + skew_s, "issued before the journey"),
        )
        return next((fault for is_right, fault in checks if not is_right), None)


def _keys_in(document: dict[str, Any]) -> dict[str, Key]:
    """Return the keys that can sign, by their ids; what cannot be read is left out, as RFC 7517, section 5, asks."""
    listed = document.get("keys")
    candidates = [
        jwk for jwk in (listed if isinstance(listed, list) else ())[:KEYS_MAX] if isinstance(jwk, dict)
    ]
    keys: dict[str, Key] = {}
    for jwk in candidates:
        kid = jwk.get("kid")
        if isinstance(kid, str) and jwk.get("use", "sig") == "sig":
            with suppress(JoseError, ValueError, TypeError, KeyError):
                keys[kid] = ECKey.import_key(jwk) if jwk.get("kty") == "EC" else RSAKey.import_key(jwk)
    return keys


def _base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
