"""What the platform vouches with: the Ed25519 key that clients pin, and the one that seals tickets. Both are made of one secret."""

import hmac
from collections.abc import Mapping
from uuid import UUID

from blake3 import blake3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from samovar.content.format.canonical import encode
from samovar.content.format.manifest import VERSION, Release, What, introduce, key_id, sign
from samovar.kit.settings import Secret

_SIGNING = "samovar download 2026-11-27 Ed25519 seed of the platform"
_SEALING = "samovar download 2026-11-27 seal of tickets"


class Platform:
    """Signs in the platform's name.

    Args:
        secret: What its keys are made of.
        former: What they were made of before: that key introduces the present one, and tickets that it has sealed hold on.
        release_ttl_s: How long the platform's word for a build holds, seconds.
    """

    def __init__(self, secret: Secret, *, former: Secret | None = None, release_ttl_s: int) -> None:
        self._key, self._seal = _made_of(secret)
        self._former = _made_of(former) if former is not None else None
        self._release_ttl_s = release_ttl_s

    @property
    def public_keys(self) -> Mapping[bytes, Ed25519PublicKey]:
        """The public keys by their ids."""
        public = self._key.public_key()
        return {key_id(public): public}

    def introductions(self, now: int) -> list[bytes]:
        """Return the word of the key that was used before for the one that is used now; `now` in Unix seconds."""
        if self._former is None:
            return []
        return [introduce("platform", self._key.public_key(), self._former[0], issued=now)]

    def sign(self, what: What, payload: bytes) -> bytes:
        """Return a payload in a signed envelope."""
        return sign(what, payload, self._key)

    def release(self, app_id: UUID, branch: str, manifest_id: bytes, sequence: int, *, now: int) -> bytes:
        """Say that a manifest is what a branch gives now; `now` in Unix seconds."""
        return self.sign(
            "release",
            encode(
                Release(VERSION, app_id.bytes, branch, manifest_id, sequence, now, now + self._release_ttl_s)
            ),
        )

    def seal(self, data: bytes) -> bytes:
        """Return 16 bytes that nobody else can make for `data`."""
        return _sealed(data, self._seal)

    def is_seal(self, data: bytes, seal: bytes) -> bool:
        """Return whether `seal` is that of `data`, found out in the same time whatever it is."""
        former = self._former[1] if self._former is not None else self._seal
        fits = [hmac.compare_digest(_sealed(data, key), seal) for key in (self._seal, former)]
        return any(fits)


def _made_of(secret: Secret) -> tuple[Ed25519PrivateKey, bytes]:
    material = secret.reveal().encode()
    key = Ed25519PrivateKey.from_private_bytes(blake3(material, derive_key_context=_SIGNING).digest())
    return key, blake3(material, derive_key_context=_SEALING).digest()


def _sealed(data: bytes, key: bytes) -> bytes:
    return blake3(data, key=key).digest(length=16)
