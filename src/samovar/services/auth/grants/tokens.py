"""Access tokens of grants and of clients themselves: opaque, so that they open nothing but what auth itself looks after.

Like refresh tokens they are not stored: the token is what it says and an HMAC over that. What a grant's token says is good only while
the grant lives, which is looked up at each use; so it ends at once, everywhere.

    smva_ grant id (16 bytes) | end, seconds of the epoch (4) | scopes as bits (2) | HMAC (32)
    smvc_ end (4) | the client's id | HMAC (32)
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.settings import Secret
from samovar.services.auth.clients.domain import SCOPES
from samovar.services.auth.tokens.opaque import MAC_BYTES, NotOurToken, unwrap, wrap
from samovar.services.auth.tokens.sealing import derive_key
from samovar.services.auth.tokens.signing import Grant

GRANT_PREFIX, CLIENT_PREFIX = "smva_", "smvc_"
_ID, _TIME, _BITS = 16, 4, 2


class GrantToken(msgspec.Struct, frozen=True):
    """What a genuine access token of a grant says."""

    grant_id: UUID
    expires_at: int
    scope: tuple[str, ...]


class GrantTokens:
    """Makes and reads access tokens of grants; to `Pairs` it is what the signer is for people."""

    def __init__(self, secret: Secret, *, ttl_s: int) -> None:
        self._key = derive_key(secret, "access tokens of grants")
        self.ttl_s = ttl_s

    def sign(self, grant: Grant, *, token_id: UUID, now: datetime) -> str:  # noqa: ARG002  nothing tells two of them apart
        """Return the token of a grant for all its scopes."""
        return self.make(grant.session_id, grant.scope.split(), now)

    def make(self, grant_id: UUID, scopes: Iterable[str], now: datetime) -> str:
        """Return the token of a grant for some of its scopes."""
        bits = sum(1 << SCOPES.index(scope) for scope in set(scopes))
        head = grant_id.bytes + _seconds(int(now.timestamp()) + self.ttl_s) + bits.to_bytes(_BITS, "big")
        return wrap(GRANT_PREFIX, head + _mac(self._key, head))

    def read(self, text: str, now: datetime) -> GrantToken | None:
        """Return what a token says; none when it is not of our making or has run out."""
        try:
            raw = unwrap(text, GRANT_PREFIX, _ID + _TIME + _BITS + MAC_BYTES)
        except NotOurToken:
            return None
        head = raw[:-MAC_BYTES]
        expires_at = int.from_bytes(head[_ID : _ID + _TIME], "big")
        if not hmac.compare_digest(raw[-MAC_BYTES:], _mac(self._key, head)) or expires_at <= now.timestamp():
            return None
        bits = int.from_bytes(head[_ID + _TIME :], "big")
        scope = tuple(scope for index, scope in enumerate(SCOPES) if bits & 1 << index)
        return GrantToken(UUID(bytes=head[:_ID]), expires_at, scope)


class ClientTokens:
    """Makes and checks tokens by which a client's server speaks for the client alone (RFC 6749, section 4.4)."""

    def __init__(self, secret: Secret, *, ttl_s: int) -> None:
        self._key = derive_key(secret, "access tokens of clients")
        self.ttl_s = ttl_s

    def make(self, client_id: str, now: datetime) -> str:
        """Return the token of a client."""
        head = _seconds(int(now.timestamp()) + self.ttl_s) + client_id.encode()
        return wrap(CLIENT_PREFIX, head + _mac(self._key, head))

    def read(self, text: str, now: datetime) -> tuple[str, int] | None:
        """Return the client of a token and when it runs out, in seconds of the epoch; none for any other text."""
        length = len(text.removeprefix(CLIENT_PREFIX)) * 3 // 4
        try:
            raw = unwrap(text, CLIENT_PREFIX, length)
        except NotOurToken:
            return None
        head, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        expires_at = int.from_bytes(head[:_TIME], "big")
        if not hmac.compare_digest(mac, _mac(self._key, head)) or expires_at <= now.timestamp():
            return None
        return head[_TIME:].decode(), expires_at


def _seconds(moment: int) -> bytes:
    return moment.to_bytes(_TIME, "big")


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)
