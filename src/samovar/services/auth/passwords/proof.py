"""The password once more, from somebody who is signed in."""

from uuid import UUID

from samovar.kit.database import Database
from samovar.services.auth import repository
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.errors import BadCredentials
from samovar.services.auth.passwords.hashing import Passwords
from samovar.services.auth.repository import Account


class PasswordProof:
    """Checks the password of an account that is known."""

    def __init__(self, database: Database, *, passwords: Passwords, audit: Audit) -> None:
        self._database = database
        self._passwords = passwords
        self._audit = audit

    async def check(self, account_id: UUID, password: str, client: Client, session_id: UUID) -> Account:
        """Return the account whose password this is. Count the attempt before.

        Raises:
            BadCredentials: It is another one, or the account has none.
            HashingBusy: Too many wait to be checked.
        """
        account = await repository.find_account_by_id(self._database, account_id)
        stored = account.password_hash if account else None
        is_right = await self._passwords.matches(password, stored)
        if account is None or not is_right or account.password_is_void:
            await self._audit.refused(
                "password.check", account_id=account_id, session_id=session_id, address=client.address
            )
            raise BadCredentials
        return account
