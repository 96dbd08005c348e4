"""A passkey's signature, for signing in and as a second factor."""

import hmac
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.factors.methods import FactorAttempt, Verdict
from samovar.services.auth.passkeys import domain, repository
from samovar.services.auth.passkeys.ceremonies import Ceremonies
from samovar.services.auth.passkeys.domain import Purpose
from samovar.services.auth.passkeys.repository import StoredPasskey
from samovar.services.auth.passkeys.verification import (
    Refused,
    Signed,
    bytes_of,
    challenge_in,
    verify_signature,
)
from samovar.services.auth.schemas import Assertion


class Assertions:
    """Checks signatures, in the caller's transaction, which holds the account's row."""

    def __init__(self, ceremonies: Ceremonies) -> None:
        self._ceremonies = ceremonies

    async def check(self, tx: Transaction, attempt: FactorAttempt) -> Verdict:
        """Return whether a passkey of the account signed what it was asked here; see `SecondFactor`."""
        if attempt.answer.credential is None:
            return Verdict(fault="no credential")
        return await self.judge(
            tx,
            attempt.answer.credential,
            purpose=attempt.purpose,
            account_id=attempt.account.id,
            bound_to=attempt.bound_to,
            now=attempt.now,
        )

    async def judge(
        self,
        tx: Transaction,
        assertion: Assertion,
        *,
        purpose: Purpose,
        account_id: UUID | None,
        bound_to: UUID | None,
        now: datetime,
    ) -> Verdict:
        """Return whether a passkey of the account signed what it was asked for this purpose; the challenge is used up either way.

        Args:
            tx: The transaction; commit it whatever the verdict is.
            assertion: What the browser returned.
            purpose: What for. A sign-in is asked of nobody: its challenge is bound to no account.
            account_id: Who owns the passkey; none when nobody does.
            bound_to: The session, or the sign-in that waits.
            now: The present moment.
        """
        asked = None if purpose == "sign_in" else account_id
        try:
            challenge = challenge_in(assertion.response.client_data_json)
            if not await self._ceremonies.take(
                tx, challenge, purpose=purpose, account_id=asked, bound_to=bound_to, now=now
            ):
                return Verdict(fault="not asked for, used, or too late")
            passkey = None
            if account_id:
                passkey = await repository.lock_passkey(tx, account_id, bytes_of(assertion.raw_id))
            if passkey is None:
                return Verdict(fault="no such passkey of this account")
            _check_holder(assertion, passkey, is_named=purpose == "sign_in")
            signed = verify_signature(
                assertion,
                passkey,
                challenge=challenge,
                rp_id=self._ceremonies.rp_id,
                origin=self._ceremonies.origin,
            )
            _check_history(signed, passkey)
        except Refused as refusal:
            return Verdict(fault=str(refusal))
        await repository.note_use(
            tx, passkey.id, sign_count=signed.sign_count, is_backed_up=signed.is_backed_up, now=now
        )
        return Verdict(domain.amr_of(is_backup_eligible=passkey.is_backup_eligible))


def _check_holder(assertion: Assertion, passkey: StoredPasskey, *, is_named: bool) -> None:
    """See that the authenticator means the account that has the passkey; at a sign-in it must say so itself."""
    handle = assertion.response.user_handle
    if handle is None and not is_named:
        return
    if not hmac.compare_digest(bytes_of(handle or ""), passkey.user_handle):
        raise Refused("the passkey names another account")


def _check_history(signed: Signed, passkey: StoredPasskey) -> None:
    if domain.was_cloned(kept=passkey.sign_count, shown=signed.sign_count):
        raise Refused("the counter went back: there are two of this passkey")
    if signed.is_backup_eligible != passkey.is_backup_eligible:
        raise Refused("whether it can be copied has changed, which it never does")
