"""The rules of consents, as pure functions."""

import hashlib
from typing import Literal

import msgspec

Purpose = Literal["terms", "personal_data", "advertising"]
PURPOSES: tuple[Purpose, ...] = ("terms", "personal_data", "advertising")
# Without these there is no account: they end with it alone.
REQUIRED: frozenset[Purpose] = frozenset({"terms", "personal_data"})

LANGUAGES = ("ru", "en")


class Text(msgspec.Struct, frozen=True):
    """One version of a wording.

    Attributes:
        texts: By language, all of `LANGUAGES`.
    """

    purpose: Purpose
    version: str
    texts: dict[str, str]

    @property
    def hash(self) -> bytes:
        """The proof of what it says."""
        return hashlib.sha256("\0".join(self.texts[language] for language in LANGUAGES).encode()).digest()


def purpose_of(text: str) -> Purpose | None:
    """Return a purpose that there is, or none."""
    return next((purpose for purpose in PURPOSES if purpose == text), None)
