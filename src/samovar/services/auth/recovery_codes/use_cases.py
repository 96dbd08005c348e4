"""A new set of recovery codes."""

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.services.auth import domain
from samovar.services.auth import repository as accounts
from samovar.services.auth.client import Client
from samovar.services.auth.domain import PASSKEY, TOTP
from samovar.services.auth.errors import NoSecondFactor
from samovar.services.auth.factors.enrolment import Change, Enrolment
from samovar.services.auth.factors.freshness import require_proof
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
            kinds = domain.second_factors_of(
                passkeys=account.second_factors.count(PASSKEY),
                has_totp=TOTP in account.second_factors,
                recovery_codes_left=len(codes),
            )
            await accounts.update_second_factors(tx, account.id, kinds)
            change = Change(credential="recovery_codes", action="changed", caller=caller, client=client)
            await self._enrolment.tell(tx, account, change, now)
        return RecoveryCodes(recovery_codes=codes)
