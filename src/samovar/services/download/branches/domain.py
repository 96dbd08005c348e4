"""Which build a player gets. Pure but for the password, which costs time on purpose."""

import hashlib
import hmac
from uuid import UUID

from blake3 import blake3

MAIN = "main"
_COST, _BLOCKS, _LANES = 2**14, 8, 1
_HASH_BYTES = 32
SALT_BYTES = 16


def is_in_rollout(app_id: UUID, branch: str, build_id: UUID, account_id: UUID, percent: int) -> bool:
    """Return whether an account is in the first `percent` of a hundred for a build: always the same ones, others for each build."""
    drawn = blake3(app_id.bytes + build_id.bytes + account_id.bytes + branch.encode()).digest(length=4)
    return int.from_bytes(drawn) * 100 < percent * 2**32


def hash_password(password: str, salt: bytes) -> str:
    """Return what is kept of a password: scrypt (RFC 7914) with a salt of its own, `SALT_BYTES` drawn for it."""
    return f"{salt.hex()}:{_scrypt(password, salt).hex()}"


def is_password(kept: str, password: str) -> bool:
    """Return whether a password is the one that is kept, found out in the same time whatever it is."""
    salt, _, digest = kept.partition(":")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)), bytes.fromhex(digest))


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=_BLOCKS, p=_LANES, dklen=_HASH_BYTES)
