"""Access tokens, verified on the spot by every process.

A token is a JWT (RFC 7519) of type `at+jwt` (RFC 9068), signed with ES256 by the service that signs people in. What RFC 8725
warns of is refused: any other algorithm or type, keys or addresses inside the header, `crit`, another issuer or audience.
Verifying costs about 80 µs; a token that was verified before is looked up in a few.
"""

import asyncio
import base64
import hashlib
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import msgspec
import structlog
from joserfc import jws
from joserfc.errors import JoseError
from redis.exceptions import RedisError

from samovar.kit.clock import Clock
from samovar.kit.identity.caller import (
    AUDIENCE,
    LEEWAY_S,
    TOKEN_BYTES_MAX,
    TOKEN_LIFETIME_MAX,
    Caller,
    SessionRevoked,
    TokenExpired,
    TokenInvalid,
)
from samovar.kit.identity.grants import RoleGrant
from samovar.kit.identity.keys import KEYS_AGE_MAX_S, KeySet
from samovar.kit.identity.revocations import Revocations
from samovar.kit.settings import Secret

VERIFIED_TOKENS_MAX = 8_192
# A revoked session must be refused everywhere within 5 s, also where its event was missed.
REFRESH_EVERY_S = 4.0

log = structlog.get_logger(__name__)


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a header may hold: `jku`, `jwk`, `x5u`, `crit` and their like are refused by being unknown."""

    alg: Literal["ES256"]
    typ: Literal["at+jwt"]
    kid: str


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    aud: str
    sub: UUID
    sid: UUID
    iat: int
    exp: int
    auth_time: int
    roles: tuple[str, ...]
    scope: str
    amr: tuple[str, ...]
    acr: str
    nbf: int = 0
    grants: tuple[str, ...] = ()
    grants_more: bool = False


class _Verified(msgspec.Struct, frozen=True):
    """A token whose signature and claims were checked."""

    kid: str
    issued_at: int
    expires_at: int
    caller: Caller


_header_decoder = msgspec.json.Decoder(_Header)
_claims_decoder = msgspec.json.Decoder(_Claims)


class Verifier:
    """Verifies access tokens for one process.

    Args:
        issuer: The platform's origin.
        keys: The issuer's public keys.
        revocations: What this process knows of sessions that were ended.
    """

    def __init__(self, *, issuer: str, keys: KeySet, revocations: Revocations, clock: Clock) -> None:
        self._issuer = issuer
        self._keys = keys
        self._revocations = revocations
        self._clock = clock
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    async def verify(self, token: str) -> Caller:
        """Return who the token speaks for.

        Raises:
            TokenInvalid: It is not one of ours.
            TokenExpired: It has run out.
            SessionRevoked: Its session was ended.
            Unavailable: Its key is not known and the issuer is away.
        """
        if len(token) > TOKEN_BYTES_MAX or not token.isascii():
            raise TokenInvalid("too long, or not a token at all")
        digest = hashlib.sha256(token.encode("ascii")).digest()
        verified = self._verified.get(digest)
        if verified is None or verified.kid not in self._keys:
            verified = await self._check(token)
            self._verified[digest] = verified
            if len(self._verified) > VERIFIED_TOKENS_MAX:
                self._verified.popitem(last=False)
        else:
            self._verified.move_to_end(digest)
        self._refuse_if_over(verified)
        return verified.caller

    def revoke_session(self, session_id: UUID) -> None:
        """Refuse the tokens of a session from now on."""
        self._revocations.revoke_session(session_id)

    def revoke_account(self, account_id: UUID, not_before: datetime) -> None:
        """Refuse the tokens that were issued to an account before `not_before`."""
        self._revocations.revoke_account(account_id, not_before)

    async def refresh(self) -> None:
        """Fetch the keys when they are old, and read the revocations that came since the last time."""
        await self._keys.refresh(age_s_max=KEYS_AGE_MAX_S)
        await self._revocations.read()

    async def keep_fresh(self) -> None:
        """Refresh every few seconds for the life of the process. Run it as a task and cancel it at the end."""
        redis_away = False
        while True:
            try:
                await self.refresh()
                redis_away = False
            except (RedisError, OSError) as error:
                if not redis_away:
                    log.warning(
                        "revocations cannot be read; those that events bring still count", error=repr(error)
                    )
                redis_away = True
            await asyncio.sleep(REFRESH_EVERY_S)

    async def _check(self, token: str) -> _Verified:
        """Check signature and claims; expiry and revocation are checked at each use."""
        try:
            header = _header_decoder.decode(_base64url(token.partition(".")[0]))
            key = await self._keys.find(header.kid)
            payload = jws.deserialize_compact(token, key, algorithms=["ES256"]).payload
            claims = _claims_decoder.decode(payload or b"")
            grants = tuple(RoleGrant.parse(text) for text in claims.grants)
        except (JoseError, ValueError, TypeError) as error:
            raise TokenInvalid(repr(error)) from None
        lifetime_s = claims.exp - claims.iat
        if (
            claims.iss != self._issuer
            or claims.aud != AUDIENCE
            or lifetime_s > TOKEN_LIFETIME_MAX.total_seconds()
            or claims.nbf > self._clock.now().timestamp() + LEEWAY_S
        ):
            raise TokenInvalid("issued by, to or for someone else, or for another time")
        caller = Caller(
            account_id=claims.sub,
            session_id=claims.sid,
            roles=claims.roles,
            scope=claims.scope,
            grants=grants,
            grants_more=claims.grants_more,
            amr=claims.amr,
            acr=claims.acr,
            auth_time=datetime.fromtimestamp(claims.auth_time, UTC),
            expires_at=datetime.fromtimestamp(claims.exp, UTC),
            token=Secret(token),
        )
        return _Verified(header.kid, claims.iat, claims.exp, caller)

    def _refuse_if_over(self, verified: _Verified) -> None:
        if verified.expires_at + LEEWAY_S <= self._clock.now().timestamp():
            raise TokenExpired
        if self._revocations.ended(verified.caller.session_id):
            raise SessionRevoked
        if verified.issued_at < self._revocations.not_before(verified.caller.account_id):
            raise TokenExpired("the account's rights changed after the token was issued")


def _base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
