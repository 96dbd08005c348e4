"""Sign-ins that wait for the second factor: asked for, met once, or run out."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.kit.ids import IdSource
from samovar.services.auth.domain import PASSKEY
from samovar.services.auth.errors import ChallengeInvalid
from samovar.services.auth.factors import repository
from samovar.services.auth.factors.repository import Challenge
from samovar.services.auth.passkeys.ceremonies import Ceremonies
from samovar.services.auth.repository import Account
from samovar.services.auth.schemas import MfaRequired
from samovar.services.auth.tokens.opaque import NotOurToken, unwrap, wrap

LIVES_FOR = timedelta(minutes=10)
ATTEMPTS_MAX = 5
SECRET_BYTES = 32
PREFIX = "smvm_"
_ID_BYTES = 16


class Challenges:
    """Asks for second factors, in the caller's transaction."""

    def __init__(
        self, *, ceremonies: Ceremonies, new_id: IdSource, random_bytes: Callable[[int], bytes]
    ) -> None:
        self._ceremonies = ceremonies
        self._new_id = new_id
        self._random_bytes = random_bytes

    async def ask(
        self, tx: Transaction, account: Account, amr: tuple[str, ...], now: datetime
    ) -> MfaRequired:
        """Ask an account that has given a first proof, `amr`, for the second factor."""
        challenge_id, secret = self._new_id(), self._random_bytes(SECRET_BYTES)
        await repository.insert_challenge(
            tx,
            challenge_id,
            account.id,
            token_hash=hashlib.sha256(secret).digest(),
            amr=amr,
            now=now,
            expires_at=now + LIVES_FOR,
        )
        has_passkey = PASSKEY in account.second_factors
        return MfaRequired(
            mfa_token=wrap(PREFIX, challenge_id.bytes + secret),
            methods=account.second_factors,
            expires_in=int(LIVES_FOR.total_seconds()),
            passkey_options=(
                await self._ceremonies.ask(
                    tx, purpose="second_factor", account_id=account.id, bound_to=challenge_id, now=now
                )
                if has_passkey
                else None
            ),
        )

    async def account_of(self, database: Database, mfa_token: str) -> UUID:
        """Return the account that a token's challenge is about.

        Raises:
            ChallengeInvalid: There is no such challenge.
        """
        challenge_id, secret = _parsed(mfa_token)
        challenge = await repository.find_challenge(database, challenge_id)
        if challenge is None or not _fits(challenge, secret):
            raise ChallengeInvalid("not of our making")
        return challenge.account_id

    async def take(self, tx: Transaction, mfa_token: str, now: datetime) -> Challenge:
        """Return the challenge that a token stands for, for this transaction alone.

        Raises:
            ChallengeInvalid: There is none, it was met before, has run out, or was answered wrongly too often.
        """
        challenge_id, secret = _parsed(mfa_token)
        challenge = await repository.lock_challenge(tx, challenge_id)
        if (
            challenge is None
            or not _fits(challenge, secret)
            or challenge.answered_at is not None
            or challenge.expires_at <= now
            or challenge.attempts >= ATTEMPTS_MAX
        ):
            raise ChallengeInvalid("met before, run out, or answered wrongly too often")
        return challenge


async def call_off(tx: Transaction, account_id: UUID, now: datetime) -> None:
    """End all sign-ins of an account that wait: what was proved before counts no more."""
    await repository.close_challenges_of(tx, account_id, now)


def _parsed(mfa_token: str) -> tuple[UUID, bytes]:
    try:
        raw = unwrap(mfa_token, PREFIX, _ID_BYTES + SECRET_BYTES)
    except NotOurToken:
        raise ChallengeInvalid("not of our making") from None
    return UUID(bytes=raw[:_ID_BYTES]), raw[_ID_BYTES:]


def _fits(challenge: Challenge, secret: bytes) -> bool:
    return hmac.compare_digest(challenge.token_hash, hashlib.sha256(secret).digest())
