"""What follows when the credentials of an account change, in the transaction that changes them.

Which second factors it has is written anew; devices that were trusted ask again; the first second factor brings recovery codes, the
last one takes them along; the person hears of it, and the audit keeps it. Other sessions go on.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.kit.identity import Caller
from samovar.services.auth import domain
from samovar.services.auth import repository as accounts
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.contract.events import CredentialChanged
from samovar.services.auth.recovery_codes.minting import Minting
from samovar.services.auth.repository import Account


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What has changed, and who changed it.

    Attributes:
        name: Which one, where there are several.
    """

    credential: Literal["totp", "recovery_codes", "passkey"]
    action: Literal["added", "changed", "removed"]
    caller: Caller
    client: Client
    name: str = ""


class Enrolment:
    """Settles changes of credentials."""

    def __init__(self, *, minting: Minting, audit: Audit) -> None:
        self._minting = minting
        self._audit = audit

    async def settle(
        self, tx: Transaction, account: Account, change: Change, now: datetime
    ) -> tuple[str, ...] | None:
        """Settle a change of second factors that the transaction has made.

        Returns:
            The recovery codes, when this is the first second factor of the account.
        """
        ways = await accounts.find_ways_in(tx, account.id)
        codes = None
        if ways and not (ways.passkeys or ways.totp_added_at):
            await self._minting.withdraw(tx, account.id, now)
        elif not account.second_factors:
            codes = await self._minting.mint(tx, account.id, now)
        await self.refresh(tx, account.id)
        await accounts.distrust_devices(tx, account.id)
        await self.tell(tx, account, change, now)
        return codes

    async def refresh(self, tx: Transaction, account_id: UUID) -> None:
        """Write anew which second factors an account has."""
        ways = await accounts.find_ways_in(tx, account_id)
        if ways:
            kinds = domain.second_factors_of(
                passkeys=ways.passkeys,
                has_totp=ways.totp_added_at is not None,
                recovery_codes_left=ways.recovery_codes_left,
            )
            await accounts.update_second_factors(tx, account_id, kinds)

    async def tell(self, tx: Transaction, account: Account, change: Change, now: datetime) -> None:
        """Tell of a change, and nothing more."""
        await tx.publish(
            CredentialChanged(
                account_id=account.id,
                credential=change.credential,
                action=change.action,
                name=change.name,
                session_id=change.caller.session_id,
                changed_at=now,
            )
        )
        await self._audit.done(
            tx,
            f"{change.credential}.{change.action}",
            account_id=account.id,
            session_id=change.caller.session_id,
            address=change.client.address,
        )
