"""What authenticators are asked, and that each question is answered once, in time, and by whom it was put to.

The word is WebAuthn's: a ceremony is a protocol with a person in it. A challenge is kept as its hash and deleted when it is taken, so
neither a second use nor a copy of the database answers it again.
"""

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.passkeys import repository
from samovar.services.auth.passkeys.domain import (
    ALGORITHMS,
    CHALLENGE_BYTES,
    CHALLENGE_LIVES_FOR,
    PASSKEYS_PER_ACCOUNT_MAX,
    USER_HANDLE_BYTES,
    Purpose,
    page_origin,
)
from samovar.services.auth.passkeys.repository import Passkey
from samovar.services.auth.passkeys.schemas import Algorithm, PasskeyCreation, PasskeyUser, RelyingParty
from samovar.services.auth.schemas import CredentialDescriptor, PasskeyRequest

RP_NAME = "Самовар"
_TIMEOUT_MS = int(CHALLENGE_LIVES_FOR.total_seconds() * 1000)


class Ceremonies:
    """Asks authenticators, in the caller's transaction.

    Args:
        origin: The address of the platform: passkeys are for its host, and answer from its pages alone; see `page_origin`.
    """

    def __init__(self, *, origin: str, random_bytes: Callable[[int], bytes]) -> None:
        self.origin = page_origin(origin)
        self.rp_id = urlsplit(self.origin).hostname or ""
        self._random_bytes = random_bytes

    async def ask(
        self,
        tx: Transaction,
        *,
        purpose: Purpose,
        account_id: UUID | None,
        bound_to: UUID | None,
        now: datetime,
    ) -> PasskeyRequest:
        """Ask for a signature: of any passkey for a sign-in, else of one that the account has."""
        known = []
        if account_id:
            known = await repository.list_passkeys(tx, account_id, PASSKEYS_PER_ACCOUNT_MAX)
        return PasskeyRequest(
            challenge=await self._challenge(tx, purpose, account_id, bound_to, now),
            rp_id=self.rp_id,
            timeout=_TIMEOUT_MS,
            allow_credentials=_descriptors(known),
        )

    async def ask_to_make(
        self, tx: Transaction, account_id: UUID, *, login: str, session_id: UUID, now: datetime
    ) -> PasskeyCreation:
        """Ask for a new passkey."""
        known = await repository.list_passkeys(tx, account_id, PASSKEYS_PER_ACCOUNT_MAX)
        handle = await repository.user_handle_of(tx, account_id, self._random_bytes(USER_HANDLE_BYTES))
        return PasskeyCreation(
            rp=RelyingParty(id=self.rp_id, name=RP_NAME),
            user=PasskeyUser(id=_text_of(handle), name=login or RP_NAME, display_name=login or RP_NAME),
            challenge=await self._challenge(tx, "registration", account_id, session_id, now),
            pub_key_cred_params=tuple(Algorithm(alg=number) for number in ALGORITHMS),
            timeout=_TIMEOUT_MS,
            exclude_credentials=_descriptors(known),
        )

    async def take(
        self,
        tx: Transaction,
        challenge: bytes,
        *,
        purpose: Purpose,
        account_id: UUID | None,
        bound_to: UUID | None,
        now: datetime,
    ) -> bool:
        """Use up a challenge; false when it was never put for this purpose to whom it was bound, was used, or has run out."""
        return await repository.take_challenge(
            tx, _hash_of(challenge), purpose=purpose, account_id=account_id, bound_to=bound_to, now=now
        )

    async def _challenge(
        self,
        tx: Transaction,
        purpose: Purpose,
        account_id: UUID | None,
        bound_to: UUID | None,
        now: datetime,
    ) -> str:
        challenge = self._random_bytes(CHALLENGE_BYTES)
        await repository.insert_challenge(
            tx,
            _hash_of(challenge),
            purpose=purpose,
            account_id=account_id,
            bound_to=bound_to,
            expires_at=now + CHALLENGE_LIVES_FOR,
        )
        return _text_of(challenge)


def _hash_of(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()


def _text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _descriptors(passkeys: list[Passkey]) -> tuple[CredentialDescriptor, ...]:
    return tuple(
        CredentialDescriptor(id=_text_of(one.credential_id), transports=one.transports) for one in passkeys
    )
