"""Permissions to set a new password: made here, whoever gives them out."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.kit.ids import IdSource
from samovar.kit.settings import Secret
from samovar.services.auth.errors import ResetInvalid
from samovar.services.auth.passwords import repository
from samovar.services.auth.passwords.repository import NewReset, Reset
from samovar.services.auth.tokens.opaque import NotOurToken, unwrap, wrap
from samovar.services.auth.tokens.sealing import derive_key

# A letter may be slow; a code of a text message is typed at once (OWASP ASVS 5.0, 6.6.2).
TOKEN_LIVES_FOR = timedelta(minutes=30)
CODE_LIVES_FOR = timedelta(minutes=10)
ATTEMPTS_MAX = 5
CODE_DIGITS = 8
TOKEN_BYTES = 32
PREFIX = "smvp_"


class Resets:
    """Makes and finds permissions."""

    def __init__(self, secret: Secret, *, new_id: IdSource, random_bytes: Callable[[int], bytes]) -> None:
        self._key = derive_key(secret, "codes of text messages")
        self._new_id = new_id
        self._random_bytes = random_bytes

    async def allow(self, tx: Transaction, account_id: UUID, now: datetime, *, login: str = "") -> str:
        """Return a token with which an account gets a new password, once.

        Args:
            tx: The transaction.
            account_id: Whose.
            now: The present moment.
            login: The address that the token is sent to: whoever uses it has shown that it is theirs.
        """
        secret = self._random_bytes(TOKEN_BYTES)
        reset = NewReset(
            id=self._new_id(),
            account_id=account_id,
            login=login,
            token_hash=hashlib.sha256(secret).digest(),
            created_at=now,
            expires_at=now + TOKEN_LIVES_FOR,
        )
        await repository.insert_reset(tx, reset)
        return wrap(PREFIX, secret)

    async def allow_by_code(self, tx: Transaction, account_id: UUID, now: datetime, *, login: str) -> str:
        """Return a code with which whoever got it at `login` sets a new password, once."""
        number = int.from_bytes(self._random_bytes(8), "big") % 10**CODE_DIGITS
        code, reset_id = f"{number:0{CODE_DIGITS}}", self._new_id()
        reset = NewReset(
            id=reset_id,
            account_id=account_id,
            login=login,
            code_hash=self._code_hash(code, reset_id),
            created_at=now,
            expires_at=now + CODE_LIVES_FOR,
        )
        await repository.insert_reset(tx, reset)
        return code

    async def find(self, database: Database, now: datetime, *, token: str | None, login: str | None) -> Reset:
        """Return the permission of a token, or the latest that was sent to a login; a code is not yet checked.

        Raises:
            ResetInvalid: There is none, or it has run out or was used.
        """
        if token is not None:
            try:
                digest = hashlib.sha256(unwrap(token, PREFIX, TOKEN_BYTES)).digest()
            except NotOurToken:
                raise ResetInvalid from None
            reset = await repository.find_reset_by_token(database, digest)
        else:
            reset = await repository.find_reset_by_login(database, login or "")
        if reset is None or not self.is_open(reset, now):
            raise ResetInvalid
        return reset

    def is_open(self, reset: Reset, now: datetime) -> bool:
        """Return whether a permission can still be used."""
        return reset.used_at is None and reset.expires_at > now and reset.attempts < ATTEMPTS_MAX

    def fits(self, reset: Reset, code: str | None) -> bool:
        """Return whether a code is the one of a permission; one by token needs none."""
        if reset.code_hash is None:
            return True
        return hmac.compare_digest(reset.code_hash, self._code_hash(code or "", reset.id))

    def _code_hash(self, code: str, reset_id: UUID) -> bytes:
        return hmac.digest(self._key, reset_id.bytes + code.encode(), hashlib.sha256)
