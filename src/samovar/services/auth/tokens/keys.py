"""API keys as text: a prefix that scanners know, 256 random bits, and a checksum that tells a typing error from a wrong key.

The database holds the SHA-256 of a key. A slow hash is for what people think up: nobody tries 2^256 keys.
"""

import hashlib
import zlib

from samovar.kit.identity import API_KEY_PREFIX
from samovar.services.auth.tokens.opaque import NotOurToken, unwrap, wrap

SECRET_BYTES = 32
_CHECKSUM_BYTES = 4
# So much of a key is shown, to tell one from another.
HINT_CHARACTERS = len(API_KEY_PREFIX) + 4


def key_of(secret: bytes) -> str:
    """Return the key that is made of random bytes."""
    return wrap(API_KEY_PREFIX, secret + _checksum(secret))


def digest_of(key: str) -> bytes:
    """Return what the database holds of a key.

    Raises:
        NotOurToken: It has another form, or a letter of it is wrong.
    """
    raw = unwrap(key, API_KEY_PREFIX, SECRET_BYTES + _CHECKSUM_BYTES)
    secret = raw[:SECRET_BYTES]
    if raw[SECRET_BYTES:] != _checksum(secret):
        raise NotOurToken(API_KEY_PREFIX)
    return hashlib.sha256(key.encode()).digest()


def hint_of(key: str) -> str:
    """Return the beginning of a key, which people may see."""
    return key[:HINT_CHARACTERS]


def _checksum(secret: bytes) -> bytes:
    return zlib.crc32(secret).to_bytes(_CHECKSUM_BYTES)
