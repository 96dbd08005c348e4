"""Keys derived from the one secret in the settings, and encryption with them for what must rest in the database."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from samovar.kit.settings import Secret

KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(Exception):
    """The bytes were not sealed with this secret, or for another place."""


def derive_key(secret: Secret, purpose: str) -> bytes:
    """Return the key for one purpose (HKDF, RFC 5869); keys of different purposes tell nothing of each other."""
    hkdf = HKDF(SHA256(), length=KEY_BYTES, salt=None, info=f"samovar auth {purpose}".encode())
    return hkdf.derive(secret.reveal().encode())


class Sealer:
    """Encrypts with AES-256-GCM. What is sealed for one place, say a row, does not open in another."""

    def __init__(self, secret: Secret, purpose: str) -> None:
        self._cipher = AESGCM(derive_key(secret, purpose))

    def seal(self, plain: bytes, place: str) -> bytes:
        """Return `plain` encrypted for `place`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Return what was sealed for `place`.

        Raises:
            SealBroken: With another secret, for another place, or it was changed.
        """
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):
            raise SealBroken(place) from None
