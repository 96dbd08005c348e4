"""What a browser keeps of a session, so sealed that a script which reads the browser's storage has gained nothing.

The refresh token lies in the browser's storage, which every script of the page can read. It is encrypted (AES-256-GCM)
with a key derived from two halves: the secret of the platform, and a
random value in a cookie that no script can read. Neither the storage nor the cookie alone opens anything: see ADR 0150.
"""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_PURPOSE = b"samovar client: what a browser keeps"
_SEALED_MAX = 8_192


class Seal:
    """The seal of one browser.

    Args:
        secret: Of the platform; a new one makes all that was sealed unreadable.
        browser_key: Of the browser, out of its cookie.
    """

    def __init__(self, secret: str, browser_key: str) -> None:
        derived = HKDF(SHA256(), length=32, salt=browser_key.encode(), info=_PURPOSE).derive(secret.encode())
        self._cipher = AESGCM(derived)

    def close(self, content: bytes) -> str:
        """Return what is kept."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return base64.urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, content, _PURPOSE)).decode()

    def open(self, kept: str) -> bytes | None:
        """Return what was sealed; None where it was sealed for another browser, with another secret, or is nonsense."""
        if len(kept) > _SEALED_MAX:
            return None
        try:
            whole = base64.urlsafe_b64decode(kept)
            return self._cipher.decrypt(whole[:_NONCE_BYTES], whole[_NONCE_BYTES:], _PURPOSE)
        except (InvalidTag, ValueError, binascii.Error):
            return None
