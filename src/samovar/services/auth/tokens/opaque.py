"""Tokens that mean something to auth alone: refresh tokens, and the tokens that devices keep.

Neither is stored. A refresh token is its session's id, its generation and an HMAC over both and over the session's random
seed. The seed lies in the database, the key does not, so neither a copy of the database nor the key alone makes a token;
and since the token of a generation can be made again, any process can answer a parallel refresh with the same one.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Self
from uuid import UUID

import msgspec

from samovar.kit.settings import Secret
from samovar.services.auth.tokens.sealing import derive_key

SEED_BYTES = 32
MAC_BYTES = 32
_ID_BYTES = 16
_GENERATION_BYTES = 4
# A leaked token is found by scanners that know the prefix.
REFRESH_PREFIX = "smvr_"
DEVICE_PREFIX = "smvd_"


class NotOurToken(ValueError):
    """The text does not have the form of such a token."""


class PresentedRefreshToken(msgspec.Struct, frozen=True):
    """What a refresh token claims; `RefreshTokens.is_genuine` says whether it is true."""

    session_id: UUID
    generation: int
    mac: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take a token apart.

        Raises:
            NotOurToken: It has another form.
        """
        raw = unwrap(text, REFRESH_PREFIX, _ID_BYTES + _GENERATION_BYTES + MAC_BYTES)
        head = raw[: _ID_BYTES + _GENERATION_BYTES]
        return cls(UUID(bytes=raw[:_ID_BYTES]), int.from_bytes(head[_ID_BYTES:], "big"), raw[len(head) :])


class RefreshTokens:
    """Makes and checks refresh tokens."""

    def __init__(self, secret: Secret) -> None:
        self._key = derive_key(secret, "refresh tokens")

    def make(self, session_id: UUID, generation: int, seed: bytes) -> str:
        """Return the token of a session's generation."""
        return wrap(REFRESH_PREFIX, _head(session_id, generation) + self._mac(session_id, generation, seed))

    def is_genuine(self, token: PresentedRefreshToken, seed: bytes) -> bool:
        """Return whether we made the token for the session that has this seed."""
        return hmac.compare_digest(token.mac, self._mac(token.session_id, token.generation, seed))

    def _mac(self, session_id: UUID, generation: int, seed: bytes) -> bytes:
        return _hmac(self._key, seed + _head(session_id, generation))


class DeviceTokens:
    """Makes and checks the tokens by which a device shows that an account has signed in on it before."""

    def __init__(self, secret: Secret) -> None:
        self._key = derive_key(secret, "device tokens")

    def make(self, account_id: UUID, device_id: UUID) -> str:
        """Return the token of an account on a device."""
        return wrap(DEVICE_PREFIX, device_id.bytes + self._mac(account_id, device_id))

    def device_of(self, text: str | None, account_id: UUID) -> UUID | None:
        """Return the device, or none when the account never signed in with this token's device."""
        try:
            raw = unwrap(text or "", DEVICE_PREFIX, _ID_BYTES + MAC_BYTES)
        except NotOurToken:
            return None
        device_id = UUID(bytes=raw[:_ID_BYTES])
        is_ours = hmac.compare_digest(raw[_ID_BYTES:], self._mac(account_id, device_id))
        return device_id if is_ours else None

    def _mac(self, account_id: UUID, device_id: UUID) -> bytes:
        return _hmac(self._key, account_id.bytes + device_id.bytes)


def _head(session_id: UUID, generation: int) -> bytes:
    return session_id.bytes + generation.to_bytes(_GENERATION_BYTES, "big")


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)


def wrap(prefix: str, raw: bytes) -> str:
    """Return bytes as a token: a prefix that scanners know, and base64url."""
    return prefix + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unwrap(text: str, prefix: str, size_bytes: int) -> bytes:
    """Read the one spelling that `wrap` writes: two texts are never the same token.

    Raises:
        NotOurToken: It has another form.
    """
    try:
        body = text.removeprefix(prefix).encode("ascii")
        raw = base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4))
    except (UnicodeEncodeError, binascii.Error):
        raise NotOurToken(prefix) from None
    if len(raw) != size_bytes or wrap(prefix, raw) != text:
        raise NotOurToken(prefix)
    return raw
