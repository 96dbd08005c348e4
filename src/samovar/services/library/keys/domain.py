"""How a key reads, and what becomes of it. Pure.

15 characters of an alphabet of 32 are 75 bits: with a thousand million good keys, one guess in 38 million million hits one.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

# Without I, O, 0 and 1, which look like one another.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUP, GROUPS = 5, 3
CODE_LENGTH = GROUP * GROUPS
TYPED_LENGTH_MAX = 64
BATCH_MAX = 10_000
UNUSED_PER_PACKAGE_MAX = 500_000
NOTE_LENGTH_MAX = 200
# Cyrillic letters that look like a letter or digit of the alphabet.
_LOOK_ALIKES = str.maketrans("АВЕКМНРСТУХЗЅЈԚԜ", "ABEKMHPCTYX3SJQW")

Purpose = Literal["retail", "press", "giveaway", "test"]
Fate = Literal["good", "used", "expired", "revoked"]
BatchState = Literal["good", "used", "expired", "revoked"]


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key with its batch."""

    id: UUID
    batch_id: UUID
    package_id: UUID
    redeemed_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None

    def fate(self, now: datetime) -> Fate:
        """Return what becomes of it."""
        if self.redeemed_at is not None:
            return "used"
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at is not None and self.expires_at <= now:
            return "expired"
        return "good"


def state_of_batch(
    *, count: int, redeemed: int, expires_at: datetime | None, revoked_at: datetime | None, now: datetime
) -> BatchState:
    """Return what becomes of the keys of a batch that are left: `used` when none is."""
    if redeemed >= count:
        return "used"
    if revoked_at is not None:
        return "revoked"
    return "expired" if expires_at is not None and expires_at <= now else "good"


def make_code(random_bytes: Callable[[int], bytes]) -> str:
    """Return a new code, as people read it: `K7Q2M-9XW4T-HB3RD`."""
    # 256 is a multiple of 32: each character is as likely as any other.
    letters = [ALPHABET[byte % len(ALPHABET)] for byte in random_bytes(CODE_LENGTH)]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, CODE_LENGTH, GROUP))


def normal_code(typed: str) -> str | None:
    """Return a code as it is hashed; none when no key can read so.

    Case, blanks, dashes of all kinds, and Cyrillic letters that look like Latin ones are forgiven.
    """
    if len(typed) > TYPED_LENGTH_MAX:
        return None
    composed = unicodedata.normalize("NFKC", typed).upper().translate(_LOOK_ALIKES)
    kept = [
        letter
        for letter in composed
        if not letter.isspace() and unicodedata.category(letter) not in {"Pd", "Pc", "Cf"} and letter != "−"
    ]
    is_code = len(kept) == CODE_LENGTH and all(letter in ALPHABET for letter in kept)
    return "".join(kept) if is_code else None


def hash_of(secret: str, code: str) -> bytes | None:
    """Return what is kept of a code; none when no key can read so."""
    normal = normal_code(code)
    if normal is None:
        return None
    return hmac.digest(secret.encode(), b"activation key " + normal.encode(), hashlib.sha256)
