"""Pairs of an access and a refresh token: making one, and giving the very same one again."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from samovar.services.auth.schemas import Tokens
from samovar.services.auth.tokens.opaque import PresentedRefreshToken, RefreshTokens
from samovar.services.auth.tokens.sealing import Sealer
from samovar.services.auth.tokens.signing import Grant


class AccessTokens(Protocol):
    """What makes the access tokens of pairs.

    Attributes:
        ttl_s: How long they live.
    """

    ttl_s: int

    def sign(self, grant: Grant, *, token_id: UUID, now: datetime) -> str:
        """Return an access token that lives from `now` on."""
        ...


class Pairs:
    """Makes the pairs of a session's generations."""

    def __init__(self, signer: AccessTokens, refresh_tokens: RefreshTokens, sealer: Sealer) -> None:
        self._signer = signer
        self._refresh_tokens = refresh_tokens
        self._sealer = sealer

    def make(self, grant: Grant, *, seed: bytes, generation: int, token_id: UUID, now: datetime) -> Tokens:
        """Return the pair of a new generation."""
        return Tokens(
            access_token=self._signer.sign(grant, token_id=token_id, now=now),
            refresh_token=self._refresh_tokens.make(grant.session_id, generation, seed),
            expires_in=self._signer.ttl_s,
        )

    def seal(self, session_id: UUID, generation: int, tokens: Tokens) -> bytes:
        """Return the half that cannot be made again, encrypted: an ES256 signature is never the same twice."""
        return self._sealer.seal(tokens.access_token.encode(), _place(session_id, generation))

    def repeat(self, session_id: UUID, generation: int, *, seed: bytes, sealed: bytes) -> Tokens:
        """Return the pair of a generation once more, from what `seal` left.

        Raises:
            SealBroken: It was sealed with another secret.
        """
        return Tokens(
            access_token=self._sealer.open(sealed, _place(session_id, generation)).decode(),
            refresh_token=self._refresh_tokens.make(session_id, generation, seed),
            expires_in=self._signer.ttl_s,
        )

    def is_genuine(self, token: PresentedRefreshToken, seed: bytes) -> bool:
        """Return whether we made a refresh token, for the session that has this seed."""
        return self._refresh_tokens.is_genuine(token, seed)


def _place(session_id: UUID, generation: int) -> str:
    return f"{session_id}/{generation}"
