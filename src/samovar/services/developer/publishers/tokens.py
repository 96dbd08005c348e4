"""Tokens of pipelines (OpenID Connect), verified with the published keys of issuers that the operator allows."""

import asyncio
import base64
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from samovar.kit.clock import Clock
from samovar.services.developer.publishers.errors import IssuerAway, PipelineTokenInvalid
from samovar.services.developer.publishers.schemas import TOKEN_LENGTH_MAX

ALGORITHMS = ["RS256", "ES256"]
TIMEOUT_S = 5.0
ANSWER_BYTES_MAX = 131_072
KEYS_MAX = 32
KEYS_AGE_MAX_S = 3_600.0
# A stranger can send tokens with made-up key ids; each of them must not cost the issuer a request.
REFRESH_FLOOR_S = 30.0
LEEWAY_S = 60
# A token that claims to live longer is no token of one run.
LIFETIME_MAX_S = 86_400
TOKEN_ID_LENGTH_MAX = 200
_SEGMENTS = 3
_OK = 200

Key = RSAKey | ECKey


class _Header(msgspec.Struct, frozen=True):
    alg: str
    kid: str
    typ: str = "JWT"
    crit: msgspec.Raw | None = None


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    aud: str | tuple[str, ...]
    exp: float
    iat: float
    jti: str
    nbf: float = 0


class Verified(msgspec.Struct, frozen=True):
    """A token that its issuer made for this platform.

    Attributes:
        token_id: No other token of the issuer has it.
        expires_at: Seconds of the epoch.
    """

    issuer: str
    token_id: str
    expires_at: float
    claims: dict[str, Any]


class Issuer:
    """The public keys of one issuer: found by its discovery document, kept for an hour, asked for again at an unknown key."""

    def __init__(self, session: aiohttp.ClientSession, url: str, clock: Clock) -> None:
        self._session = session
        self._url = url
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._was_away = False
        self._fetching = asyncio.Lock()

    async def find(self, kid: str) -> Key:
        """Return a key.

        Raises:
            IssuerAway: The keys cannot be fetched, and this one is not known.
            PipelineTokenInvalid: The issuer does not publish it.
        """
        if self._is_due(kid):
            async with self._fetching:
                if self._is_due(kid):
                    await self._refresh()
        if kid in self._keys:
            return self._keys[kid]
        if self._was_away:
            raise IssuerAway(self._url, retry_after_s=REFRESH_FLOOR_S)
        raise PipelineTokenInvalid("signed with a key that the issuer does not publish")

    def _is_due(self, kid: str) -> bool:
        now = self._clock.monotonic()
        old = kid not in self._keys or now - self._fetched_at > KEYS_AGE_MAX_S
        return old and now - self._tried_at > REFRESH_FLOOR_S

    async def _refresh(self) -> None:
        self._tried_at, self._was_away = self._clock.monotonic(), True
        with suppress(IssuerAway):
            found = await self._get(f"{self._url.rstrip('/')}/.well-known/openid-configuration")
            address = found.get("jwks_uri")
            if found.get("issuer") != self._url or not isinstance(address, str):
                return
            # Keys lie where the issuer itself is, not wherever a document points.
            if urlsplit(address)[:2] != urlsplit(self._url)[:2]:
                return
            keys = _keys_in(await self._get(address))
            if keys:
                self._keys, self._fetched_at, self._was_away = keys, self._tried_at, False

    async def _get(self, url: str) -> dict[str, Any]:
        try:
            async with self._session.get(url, allow_redirects=False) as answer:
                body = b""
                async for piece in answer.content.iter_any():
                    body += piece
                    if len(body) > ANSWER_BYTES_MAX:
                        raise IssuerAway(f"{url}: more than {ANSWER_BYTES_MAX} bytes")
                if answer.status != _OK:
                    raise IssuerAway(f"{url} answers {answer.status}")
                return msgspec.json.decode(body, type=dict[str, Any])
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError, RecursionError) as error:
            raise IssuerAway(f"{url}: {type(error).__name__}") from error


class Tokens:
    """Verifies tokens for one audience."""

    def __init__(self, issuers: dict[str, Issuer], *, audience: str, clock: Clock) -> None:
        self._issuers = issuers
        self._audience = audience
        self._clock = clock

    async def verify(self, token: str) -> Verified:
        """Return what a token says.

        Raises:
            IssuerAway: Its key is not known and the issuer cannot be asked.
            PipelineTokenInvalid: It is of no issuer that counts, forged, not for this platform, or has run out.
        """
        segments = token.split(".")
        if len(token) > TOKEN_LENGTH_MAX or not token.isascii() or len(segments) != _SEGMENTS:
            raise PipelineTokenInvalid("no token")
        try:
            header = msgspec.json.decode(_base64url(segments[0]), type=_Header)
            claimed = msgspec.json.decode(_base64url(segments[1]), type=_Claims)
        except (ValueError, RecursionError) as error:
            raise PipelineTokenInvalid(type(error).__name__) from None
        issuer = self._issuers.get(claimed.iss)
        if issuer is None or header.alg not in ALGORITHMS or header.typ.upper() != "JWT" or header.crit:
            raise PipelineTokenInvalid("an issuer, an algorithm or a type that does not count")
        key = await issuer.find(header.kid)
        try:
            payload = jws.deserialize_compact(token, key, algorithms=ALGORITHMS).payload or b""
            claims = msgspec.json.decode(payload, type=dict[str, Any])
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise PipelineTokenInvalid(type(error).__name__) from None
        if fault := self._fault_of(claimed):
            raise PipelineTokenInvalid(fault)
        return Verified(claimed.iss, claimed.jti, claimed.exp, claims)

    def _fault_of(self, claims: _Claims) -> str | None:
        now = self._clock.now().timestamp()
        audience = (claims.aud,) if isinstance(claims.aud, str) else claims.aud
        checks = (
            (audience == (self._audience,), "another audience"),
            (now < claims.exp + LEEWAY_S, "run out"),
            (max(claims.iat, claims.nbf) <= now + LEEWAY_S, "from the future"),
            (0 < claims.exp - claims.iat <= LIFETIME_MAX_S, "lives too long"),
            (0 < len(claims.jti) <= TOKEN_ID_LENGTH_MAX and "\0" not in claims.jti, "no id"),
        )
        return next((fault for is_right, fault in checks if not is_right), None)


def _keys_in(document: dict[str, Any]) -> dict[str, Key]:
    """Return the keys that can sign, by their ids; what cannot be read is left out, as RFC 7517, section 5, asks."""
    listed = document.get("keys")
    keys: dict[str, Key] = {}
    for jwk in (listed if isinstance(listed, list) else ())[:KEYS_MAX]:
        kid = jwk.get("kid") if isinstance(jwk, dict) else None
        if isinstance(kid, str) and jwk.get("use", "sig") == "sig":
            with suppress(JoseError, ValueError, TypeError, KeyError):
                keys[kid] = ECKey.import_key(jwk) if jwk.get("kty") == "EC" else RSAKey.import_key(jwk)
    return keys


def _base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
