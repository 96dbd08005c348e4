"""One-time tokens: what a provider has proved, kept until the client fetches it; nothing of it lies readable in the database."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.auth.providers import repository
from samovar.services.auth.providers.domain import Identity, Mode
from samovar.services.auth.providers.errors import CodeInvalid
from samovar.services.auth.providers.settings import ProviderName
from samovar.services.auth.tokens.opaque import NotOurToken, unwrap, wrap
from samovar.services.auth.tokens.sealing import SealBroken, Sealer

SECRET_BYTES = 32
# A leaked token is found by scanners that know the prefix.
PREFIX = "smvj_"

Purpose = Literal["exchange", "register", "link"]


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What a one-time token stands for.

    Attributes:
        identity: Whom the provider has proved; none in a ticket for linking.
        account_id: Who links.
        code_challenge: The token counts with the verifier of this alone.
        browser_hash: Without a challenge the token counts in this browser alone.
    """

    provider: ProviderName
    mode: Mode
    identity: Identity | None = None
    account_id: UUID | None = None
    country: str | None = None
    return_to: str | None = None
    code_challenge: str | None = None
    browser_hash: bytes | None = None

    def __repr__(self) -> str:
        return f"Held({self.provider})"


class OneTimeTokens:
    """Issues and takes them, in the caller's transaction."""

    def __init__(self, sealer: Sealer, *, random_bytes: Callable[[int], bytes]) -> None:
        self._sealer = sealer
        self._random_bytes = random_bytes

    async def issue(
        self, tx: Transaction, purpose: Purpose, held: Held, *, lifetime: timedelta, now: datetime
    ) -> str:
        """Return a token that stands for `held` once."""
        secret = self._random_bytes(SECRET_BYTES)
        digest = hashlib.sha256(secret).digest()
        sealed = self._sealer.seal(msgspec.json.encode(held), _place(purpose, digest))
        await repository.insert_token(tx, digest, purpose=purpose, sealed=sealed, expires_at=now + lifetime)
        return wrap(PREFIX, secret)

    async def take(self, tx: Transaction, purpose: Purpose, token: str, now: datetime) -> Held:
        """Return what a token stands for; it never does again.

        Raises:
            CodeInvalid: It is unknown, was used, or has run out.
        """
        try:
            digest = hashlib.sha256(unwrap(token, PREFIX, SECRET_BYTES)).digest()
            sealed = await repository.take_token(tx, digest, purpose=purpose, now=now)
            plain = self._sealer.open(sealed or b"", _place(purpose, digest))
        except (NotOurToken, SealBroken):
            raise CodeInvalid("unknown, used, or run out") from None
        return msgspec.json.decode(plain, type=Held)


def _place(purpose: Purpose, digest: bytes) -> str:
    return f"{purpose}/{digest.hex()}"
