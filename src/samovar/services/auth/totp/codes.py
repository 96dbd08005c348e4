"""A code of an authenticator app as a second factor: each works once, whoever asks and wherever."""

from samovar.kit.database import Transaction
from samovar.services.auth.factors.methods import FactorAttempt, Verdict
from samovar.services.auth.tokens.sealing import Sealer
from samovar.services.auth.totp import domain, repository

AMR = ("otp",)


class TotpCodes:
    """Checks codes.

    Args:
        sealer: Opens the secrets, each sealed for its account.
    """

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    async def check(self, tx: Transaction, attempt: FactorAttempt) -> Verdict:
        """Return whether the code is right and not used up, and use it up; see `SecondFactor`.

        The credential's row is held until the transaction ends, so of two that bring one code, the second sees that it is used.
        """
        account_id = attempt.account.id
        credential = await repository.lock_credential(tx, account_id)
        if credential is None:
            return Verdict(fault="no app")
        secret = self._sealer.open(credential.secret_sealed, str(account_id))
        code = attempt.answer.code or ""
        step = domain.matching_step(secret, code, attempt.now, after=credential.last_step)
        if step is None:
            return Verdict(fault="wrong or used")
        await repository.note_step(tx, account_id, step)
        return Verdict(AMR)
