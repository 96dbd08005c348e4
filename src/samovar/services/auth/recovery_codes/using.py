"""A recovery code as a second factor: it works once, and its owner hears of it."""

from samovar.kit.database import Transaction
from samovar.services.auth import repository as accounts
from samovar.services.auth.contract.events import RecoveryCodeUsed
from samovar.services.auth.domain import RECOVERY, RECOVERY_CODES_FEW
from samovar.services.auth.factors.methods import FactorAttempt, Verdict
from samovar.services.auth.recovery_codes import repository
from samovar.services.auth.recovery_codes.minting import Minting

AMR = ("otp",)


class RecoveryCodeUse:
    """Checks recovery codes."""

    def __init__(self, minting: Minting) -> None:
        self._minting = minting

    async def check(self, tx: Transaction, attempt: FactorAttempt) -> Verdict:
        """Return whether this is a code of the account, and use it up; see `SecondFactor`."""
        account, now = attempt.account, attempt.now
        code_hash = self._minting.hash_of(account.id, attempt.answer.code or "")
        if code_hash is None:
            return Verdict(fault="no code")
        if not await repository.use_code(tx, account.id, code_hash, now):
            return Verdict(fault="unknown or used")
        left = await repository.count_codes_left(tx, account.id)
        if not left:
            others = tuple(kind for kind in account.second_factors if kind != RECOVERY)
            await accounts.update_second_factors(tx, account.id, others)
        await tx.publish(
            RecoveryCodeUsed(
                account_id=account.id,
                codes_left=left,
                are_few_left=left <= RECOVERY_CODES_FEW,
                used_at=now,
            )
        )
        return Verdict(AMR)
