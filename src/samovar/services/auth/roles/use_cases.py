"""Giving and taking roles."""

from collections.abc import Callable

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import ROLES
from samovar.services.auth import domain, repository
from samovar.services.auth.contract.events import RolesChanged
from samovar.services.auth.domain import PLAYER, InvalidLogin
from samovar.services.auth.errors import AccountNotFound


class Roles:
    """The roles of accounts."""

    def __init__(self, database: Database, *, clock: Clock, phone_region: str) -> None:
        self._database = database
        self._clock = clock
        self._phone_region = phone_region

    async def grant(self, login: str, role: str, *, reason: str) -> tuple[str, ...]:
        """Give a role and return all that the account has now.

        Raises:
            InvalidInput: There is no such role.
            AccountNotFound: No account has this login.
        """
        return await self._change(login, role, reason, lambda roles: roles | {role})

    async def revoke(self, login: str, role: str, *, reason: str) -> tuple[str, ...]:
        """Take a role and return those that are left.

        Raises:
            InvalidInput: There is no such role.
            AccountNotFound: No account has this login.
        """
        return await self._change(login, role, reason, lambda roles: roles - {role})

    async def _change(
        self, login: str, role: str, reason: str, change: Callable[[frozenset[str]], frozenset[str]]
    ) -> tuple[str, ...]:
        if role not in ROLES - {PLAYER}:
            raise InvalidInput(
                fields=[FieldError("role", "not_offered", f"one of {sorted(ROLES - {PLAYER})}")]
            )
        try:
            normal = domain.login_of(login, self._phone_region)
        except InvalidLogin:
            raise AccountNotFound(f"{login} is neither an e-mail address nor a phone number") from None
        async with self._database.transaction() as tx:
            account = await repository.lock_account(tx, normal)
            if account is None:
                raise AccountNotFound(f"no account has the login {normal.value}")
            roles = tuple(sorted(change(frozenset(account.roles))))
            if set(roles) != set(account.roles):
                # After the row is locked: whoever read the old roles has dated their token earlier.
                now = self._clock.now()
                cut_off = domain.tokens_cut_off(now, account.tokens_not_before)
                await repository.update_roles(tx, account.id, roles, tokens_not_before=cut_off)
                await tx.publish(
                    RolesChanged(
                        account_id=account.id,
                        roles=roles,
                        reason=reason,
                        changed_at=now,
                        tokens_not_before=cut_off,
                    )
                )
        return roles
