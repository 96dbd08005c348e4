"""Who is calling: access tokens, verified on the spot by every process.

A token is a JWT (RFC 7519) of type `at+jwt` (RFC 9068), signed with ES256 by the service that signs people in. Its public
keys are fetched, kept while that service is away, and fetched again when a token names a key that is not known yet. What
RFC 8725 warns of is refused: any other algorithm or type, keys or addresses inside the header, `crit`, another issuer or
audience. Verifying costs about 80 µs; a token that was verified before is looked up in a few.

Revoked sessions are refused at once; see `revocations`.

    Unauthenticated
    ├── TokenExpired     auth.token_expired    get a new one with the refresh token
    ├── TokenInvalid     auth.token_invalid    not one of ours
    └── SessionRevoked   auth.session_revoked  the session is over: sign in again
"""

import asyncio
import base64
import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import aiohttp
import msgspec
import structlog
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from redis.exceptions import RedisError

from samovar.kit.clock import Clock
from samovar.kit.errors import Unauthenticated, Unavailable
from samovar.kit.revocations import CLOCK_DIFFERENCE_MAX, TOKEN_LIFETIME_MAX, Revocations
from samovar.kit.routes import Auth
from samovar.kit.settings import Secret

AUDIENCE = "samovar"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - a media type (RFC 9068), not a secret
TOKEN_BYTES_MAX = 4_096
LEEWAY_S = CLOCK_DIFFERENCE_MAX.total_seconds()
VERIFIED_TOKENS_MAX = 8_192
# A revoked session must be refused everywhere within 5 s, also where its event was missed.
REFRESH_EVERY_S = 4.0
KEYS_AGE_MAX_S = 300.0
KEYS_FETCH_EVERY_S_MIN = 5.0
KEYS_FETCH_TIMEOUT_S = 2.0
KEYS_BYTES_MAX = 65_536

STAFF_ROLES = frozenset({"moderator", "support", "finance", "operator", "admin"})
ROLES = frozenset({"player", "developer"}) | STAFF_ROLES
# The scope of a token that stands for the person: all that their roles allow.
FULL_SCOPE = "*"

log = structlog.get_logger(__name__)


class TokenExpired(Unauthenticated):
    """The token has run out, or the account's rights changed after it was issued."""

    code = "auth.token_expired"


class TokenInvalid(Unauthenticated):
    """This is not a token of ours."""

    code = "auth.token_invalid"


class SessionRevoked(Unauthenticated):
    """The session behind the token was ended."""

    code = "auth.session_revoked"


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls, as their verified token says.

    Attributes:
        scope: What the token is narrowed to, separated by spaces; `*` is all that the roles allow.
        amr: How they signed in (RFC 8176): `pwd`, `otp`.
        acr: How sure that is: `aal1` for one factor, `aal2` for two (NIST SP 800-63B).
        auth_time: When they last proved who they are.
        token: The token itself, to pass on to another service.
    """

    account_id: UUID
    session_id: UUID
    roles: tuple[str, ...]
    scope: str = FULL_SCOPE
    amr: tuple[str, ...] = ()
    acr: str = "aal1"
    auth_time: datetime
    expires_at: datetime
    token: Secret


current_caller: ContextVar[Caller | None] = ContextVar("current_caller", default=None)


class Permissions:
    """Which roles have which permissions.

    Args:
        roles_by_permission: `{"auth.role.grant": ("admin",)}`; a role written `!developer` is denied, whatever
            other roles its bearer has.
    """

    def __init__(self, roles_by_permission: Mapping[str, Sequence[str]]) -> None:
        self._granted = {
            permission: frozenset(role for role in roles if not role.startswith("!"))
            for permission, roles in roles_by_permission.items()
        }
        self._denied = {
            permission: frozenset(role[1:] for role in roles if role.startswith("!"))
            for permission, roles in roles_by_permission.items()
        }

    def allows(self, caller: Caller, permission: str) -> bool:
        """Return whether the caller has the permission: by a role, denied by none, inside the token's scope."""
        return (
            not self._granted.get(permission, frozenset()).isdisjoint(caller.roles)
            and self._denied[permission].isdisjoint(caller.roles)
            and _covers(caller.scope, permission)
        )

    def of(self, caller: Caller) -> tuple[str, ...]:
        """Return all that the caller may do, sorted."""
        return tuple(sorted(name for name in self._granted if self.allows(caller, name)))


def reaches(caller: Caller, auth: Auth) -> bool:
    """Return whether the caller is of the kind that a route asks for."""
    match auth:
        case "public" | "provider" | "player":
            return True
        case "developer":
            return "developer" in caller.roles
        case "staff":
            return not STAFF_ROLES.isdisjoint(caller.roles)
        case "service":
            return False


def _covers(scope: str, permission: str) -> bool:
    """Scopes are permissions, or their beginnings followed by `.*`."""
    if scope == FULL_SCOPE:
        return True
    return any(
        part == permission or (part.endswith(".*") and permission.startswith(part[:-1]))
        for part in scope.split()
    )


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


class _Verified(msgspec.Struct, frozen=True):
    """A token whose signature and claims were checked."""

    kid: str
    issued_at: int
    expires_at: int
    caller: Caller


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


_header_decoder = msgspec.json.Decoder(_Header)
_claims_decoder = msgspec.json.Decoder(_Claims)
_keys_decoder = msgspec.json.Decoder(_PublicKeys)


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
                log.warning(
                    "signing keys cannot be fetched; the known ones stay", url=self._url, error=repr(error)
                )
            self._away = True
        else:
            self._keys = keys
            self._fetched_at = self._clock.monotonic()
            self._away = False


def _usable_keys(body: bytes) -> dict[str, ECKey]:
    keys = {
        key.kid: ECKey.import_key({"kty": key.kty, "crv": key.crv, "x": key.x, "y": key.y, "kid": key.kid})
        for key in _keys_decoder.decode(body).keys
        if (key.kty, key.crv, key.use, key.alg) == ("EC", "P-256", "sig", "ES256")
    }
    if not keys:
        raise ValueError("the set holds no key for ES256")
    return keys


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
