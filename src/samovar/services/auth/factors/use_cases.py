"""Meeting the second factor: at a sign-in, and later, when something needs a fresher or surer proof."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import NotFound
from samovar.kit.identity import Caller
from samovar.services.auth import repository as accounts
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.domain import AAL1, RECOVERY_CODES_FEW, Proof
from samovar.services.auth.errors import SecondFactorRequired, SecondFactorWrong
from samovar.services.auth.factors import repository
from samovar.services.auth.factors.challenges import Challenges
from samovar.services.auth.factors.methods import FactorAttempt, SecondFactors, Verdict
from samovar.services.auth.factors.schemas import Factors
from samovar.services.auth.passkeys.ceremonies import Ceremonies
from samovar.services.auth.passwords.attempts import Attempts
from samovar.services.auth.passwords.proof import PasswordProof
from samovar.services.auth.repository import Account
from samovar.services.auth.schemas import (
    AccessToken,
    FactorAnswer,
    MfaAnswer,
    PasskeyRequest,
    SignedIn,
    StepUpAnswer,
)
from samovar.services.auth.sessions.admission import Admission
from samovar.services.auth.sessions.strengthening import Strengthening

BY_PASSWORD = ("pwd",)


class SecondStep:
    """Signing in, the second half, and proving once more who one is."""

    def __init__(
        self,
        database: Database,
        *,
        challenges: Challenges,
        ceremonies: Ceremonies,
        factors: SecondFactors,
        admission: Admission,
        attempts: Attempts,
        passwords: PasswordProof,
        strengthening: Strengthening,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._challenges = challenges
        self._ceremonies = ceremonies
        self._factors = factors
        self._admission = admission
        self._attempts = attempts
        self._passwords = passwords
        self._strengthening = strengthening
        self._audit = audit
        self._clock = clock

    async def complete(self, answer: MfaAnswer, client: Client) -> SignedIn:
        """Finish a sign-in that waits for the second factor.

        Raises:
            ChallengeInvalid: Nothing waits, or no longer.
            SecondFactorWrong: The answer is not right; a few more may follow.
            TooManyAttempts: Too many answers for this account.
        """
        account_id = await self._challenges.account_of(self._database, answer.mfa_token)
        await self._attempts.count_proof(account_id, self._admission.known_device(client, account_id))
        async with self._database.transaction() as tx:
            now = self._clock.now()
            # The account first, as whoever calls waiting sign-ins off.
            account = await accounts.lock_account_by_id(tx, account_id)
            challenge = await self._challenges.take(tx, answer.mfa_token, now)
            verdict = await self._judge(tx, account, answer, "second_factor", challenge.id, now)
            if account and verdict:
                await repository.close_challenge(tx, challenge.id, now)
                proof = Proof(challenge.amr, AAL1, now).and_by(verdict.amr, now)
                return await self._admission.open(
                    tx, account, client, proof, now, trust_device=answer.trust_device
                )
            await repository.count_attempt(tx, challenge.id)
        await self._audit.refused(
            "sign_in.second_factor",
            account_id=challenge.account_id,
            address=client.address,
            method=answer.method,
            fault=verdict.fault,
        )
        raise SecondFactorWrong

    async def ask_passkey(self, mfa_token: str) -> PasskeyRequest:
        """Return what a passkey is to sign for a sign-in that waits: once more, when the first question has run out.

        Raises:
            ChallengeInvalid: Nothing waits, or no longer.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            challenge = await self._challenges.take(tx, mfa_token, now)
            return await self._ceremonies.ask(
                tx,
                purpose="second_factor",
                account_id=challenge.account_id,
                bound_to=challenge.id,
                now=now,
            )

    async def step_up(self, caller: Caller, answer: StepUpAnswer, client: Client) -> AccessToken:
        """Prove once more who one is, and get an access token that says so; the session goes on.

        An account with a second factor proves itself by that: a password alone is what a thief may have.

        Raises:
            Forbidden: The caller is no person.
            BadCredentials: The password is wrong.
            SecondFactorRequired: The account has a second factor, and this is only the password.
            SecondFactorWrong: The answer is not right.
            TooManyAttempts: Too many answers for this account.
            HashingBusy: Too many passwords wait to be checked.
        """
        await self._attempts.count_proof(caller.account_id, caller.session_id)
        if answer.method == "password":
            await self._passwords.check(caller.account_id, answer.password or "", client, caller.session_id)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            account = await accounts.lock_account_by_id(tx, caller.account_id)
            session = await self._strengthening.hold(tx, caller)
            if answer.method == "password":
                if account is None or account.second_factors:
                    raise SecondFactorRequired
                amr = tuple(dict.fromkeys((*session.amr, *BY_PASSWORD)))
                return await self._strengthening.prove(tx, session, Proof(amr, session.acr, now))
            verdict = await self._judge(tx, account, answer, "step_up", session.id, now)
            if verdict:
                proof = Proof(session.amr, session.acr, now).and_by(verdict.amr, now)
                return await self._strengthening.prove(tx, session, proof)
        await self._audit.refused(
            "step_up",
            account_id=caller.account_id,
            session_id=caller.session_id,
            address=client.address,
            method=answer.method,
            fault=verdict.fault,
        )
        raise SecondFactorWrong

    async def ask_passkey_again(self, caller: Caller) -> PasskeyRequest:
        """Return what a passkey is to sign to prove once more who the caller is."""
        async with self._database.transaction() as tx:
            return await self._ceremonies.ask(
                tx,
                purpose="step_up",
                account_id=caller.account_id,
                bound_to=caller.session_id,
                now=self._clock.now(),
            )

    async def factors(self, caller: Caller) -> Factors:
        """Return by what the caller's account can be entered.

        Raises:
            NotFound: The account is gone.
        """
        account = await accounts.find_account_by_id(self._database, caller.account_id)
        ways = await accounts.find_ways_in(self._database, caller.account_id)
        if account is None or ways is None:
            raise NotFound(f"there is no account {caller.account_id}")
        return Factors(
            has_password=ways.has_password,
            second_factors=account.second_factors,
            totp_added_at=ways.totp_added_at,
            passkeys=ways.passkeys,
            recovery_codes_left=ways.recovery_codes_left,
            are_few_codes_left=bool(account.second_factors)
            and ways.recovery_codes_left <= RECOVERY_CODES_FEW,
        )

    async def _judge(
        self,
        tx: Transaction,
        account: Account | None,
        answer: FactorAnswer,
        purpose: Literal["second_factor", "step_up"],
        bound_to: UUID,
        now: datetime,
    ) -> Verdict:
        factor = self._factors.get(answer.method)
        if account is None or factor is None or answer.method not in account.second_factors:
            return Verdict(fault="the account has no such factor")
        attempt = FactorAttempt(account=account, answer=answer, purpose=purpose, bound_to=bound_to, now=now)
        return await factor.check(tx, attempt)
