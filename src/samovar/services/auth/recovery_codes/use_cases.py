"""A new set of recovery codes."""

from datetime import datetime
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.identity import Caller
from samovar.services.auth import repository as accounts
from samovar.services.auth.client import Client
from samovar.services.auth.errors import NoSecondFactor
from samovar.services.auth.factors.enrolment import Change, Enrolment
from samovar.services.auth.factors.freshness import require_proof
from samovar.services.auth.recovery_codes import repository
from samovar.services.auth.recovery_codes.minting import Minting
from samovar.services.auth.schemas import RecoveryCodes


class RecoveryCodeSets:
    """The sets of accounts."""

    def __init__(self, database: Database, *, minting: Minting, enrolment: Enrolment, clock: Clock) -> None:
        self._database = database
        self._minting = minting
        self._enrolment = enrolment
        self._clock = clock

    async def renew(self, caller: Caller, client: Client) -> RecoveryCodes:
        """Replace the caller's codes.

        Raises:
            NoSecondFactor: There is nothing that they could stand in for.
            StepUpRequired: The second factor was not given lately.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            account = await accounts.lock_account_by_id(tx, caller.account_id)
            if account is None or not account.second_factors:
                raise NoSecondFactor
            require_proof(caller, account, now)
            codes = await self._minting.mint(tx, account.id, now)
            await self._enrolment.refresh(tx, account.id)
            change = Change(credential="recovery_codes", action="changed", caller=caller, client=client)
            await self._enrolment.tell(tx, account, change, now)
        return RecoveryCodes(recovery_codes=codes)

    async def roll_back(self, tx: Transaction, account_id: UUID, since: datetime, now: datetime) -> int:  # noqa: ARG002  of the protocol
        """Let the codes be again those of just before `since`; see `alerts.rollbacks`."""
        undone = await repository.delete_codes_since(tx, account_id, since)
        undone += await repository.restore_codes(tx, account_id, since)
        await self._enrolment.refresh(tx, account_id)
        return undone
