"""Codes: made, and kept as an HMAC that is bound to whom they were sent for and where to."""

import hashlib
import hmac
from collections.abc import Callable
from uuid import UUID

from samovar.kit.settings import Secret
from samovar.services.account.contacts.domain import Kind


class Codes:
    """Makes and checks codes.

    Args:
        secret: Kept outside the database: a copy of that tells no code, though there are only a million.
        random_below: Returns a number from 0 to below its argument that nobody can foretell.
    """

    def __init__(self, secret: Secret, random_below: Callable[[int], int]) -> None:
        self._secret = secret
        self._random_below = random_below

    def make(self, digits: int) -> str:
        """Return a new code of so many digits."""
        return f"{self._random_below(10**digits):0{digits}}" if digits else ""

    def hash(self, account_id: UUID, kind: Kind, value: str, code: str) -> bytes:
        """Return what is kept of a code."""
        bound = "\0".join((str(account_id), kind, value, code)).encode()
        return hmac.digest(self._secret.reveal().encode(), bound, hashlib.sha256)

    def matches(self, kept: bytes, account_id: UUID, kind: Kind, value: str, typed: str) -> bool:
        """Return whether what a person typed is the code; spaces and dashes do not count."""
        code = typed.replace(" ", "").replace("-", "")
        return hmac.compare_digest(kept, self.hash(account_id, kind, value, code))
