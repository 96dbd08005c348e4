"""Sets of recovery codes: a new one replaces the old one, and is shown once."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.settings import Secret
from samovar.services.auth.domain import RECOVERY_CODES_COUNT
from samovar.services.auth.recovery_codes import repository
from samovar.services.auth.recovery_codes.domain import make_code, normal_code
from samovar.services.auth.tokens.sealing import derive_key


class Minting:
    """Makes and withdraws sets of codes, in the caller's transaction, which holds the account's row."""

    def __init__(self, secret: Secret, *, random_bytes: Callable[[int], bytes]) -> None:
        self._key = derive_key(secret, "recovery codes")
        self._random_bytes = random_bytes

    async def mint(self, tx: Transaction, account_id: UUID, now: datetime) -> tuple[str, ...]:
        """Give an account a new set, and return it; the old one no longer works."""
        codes = tuple(make_code(self._random_bytes) for _ in range(RECOVERY_CODES_COUNT))
        hashes = [code_hash for code in codes if (code_hash := self.hash_of(account_id, code))]
        await repository.retire_codes(tx, account_id, now)
        await repository.insert_codes(tx, account_id, hashes, now)
        return codes

    async def withdraw(self, tx: Transaction, account_id: UUID, now: datetime) -> None:
        """Leave an account without codes."""
        await repository.retire_codes(tx, account_id, now)

    def hash_of(self, account_id: UUID, code: str) -> bytes | None:
        """Return what is kept of a code, or none when it has another form."""
        normal = normal_code(code)
        return hmac.digest(self._key, account_id.bytes + normal.encode(), hashlib.sha256) if normal else None
