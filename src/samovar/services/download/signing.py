"""What the platform vouches with: the Ed25519 key that clients pin, and the one that seals tickets. Both are made of one secret."""

import hmac
from collections.abc import Mapping
from uuid import UUID

from blake3 import blake3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from samovar.content.format.canonical import encode
from samovar.content.format.manifest import VERSION, Release, What, key_id, sign
from samovar.kit.settings import Secret

_SIGNING = "samovar download 2026-11-27 Ed25519 seed of the platform"
_SEALING = "samovar download 2026-11-27 seal of tickets"


class Platform:
    """Signs in the platform's name."""

    def __init__(self, secret: Secret, *, release_ttl_s: int) -> None:
        material = secret.reveal().encode()
        self._key = Ed25519PrivateKey.from_private_bytes(
            blake3(material, derive_key_context=_SIGNING).digest()
        )
        self._seal = blake3(material, derive_key_context=_SEALING).digest()
        self._release_ttl_s = release_ttl_s

    @property
    def public_keys(self) -> Mapping[bytes, Ed25519PublicKey]:
        """The public keys by their ids."""
        public = self._key.public_key()
        return {key_id(public): public}

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
        return blake3(data, key=self._seal).digest(length=16)

    def is_seal(self, data: bytes, seal: bytes) -> bool:
        """Return whether `seal` is that of `data`, found out in the same time whatever it is."""
        return hmac.compare_digest(self.seal(data), seal)
