"""The rules of tokens for programs: PKCE, hashes of tokens, what an ID token says."""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

CODE_LIVES_FOR = timedelta(seconds=60)
ID_TOKEN_LIVES_S = 600
ID_TOKEN_TYPE = "JWT"  # noqa: S105  a media type
GRANTS_PER_CLIENT_MAX = 20
"""Somebody who signs in to one game on more machines than this loses the oldest."""

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A grant, live or over."""

    id: UUID
    account_id: UUID
    client_id: str
    scope: str
    expires_at: datetime
    ended_at: datetime | None


def is_challenge(text: str) -> bool:
    """Return whether a text can be a challenge of the method S256 (RFC 7636, section 4.2)."""
    return bool(_CHALLENGE.fullmatch(text))


def proves(verifier: str | None, challenge: str | None) -> bool:
    """Return whether a verifier belongs to a challenge; where there was none, there must be none (RFC 9700, section 4.8.2)."""
    if challenge is None:
        return verifier is None
    if verifier is None or not _VERIFIER.fullmatch(verifier):
        return False
    made = _base64url(hashlib.sha256(verifier.encode()).digest())
    return hmac.compare_digest(made, challenge)


def at_hash(access_token: str) -> str:
    """Return the left half of a token's hash, which ties an ID token to it (OpenID Connect Core, section 3.1.3.6)."""
    return _base64url(hashlib.sha256(access_token.encode("ascii")).digest()[:16])


def id_claims(
    *,
    issuer: str,
    subject: str,
    client_id: str,
    session_id: str,
    amr: tuple[str, ...],
    acr: str,
    authenticated_at: datetime,
    nonce: str | None,
    access_token: str,
    now: datetime,
) -> dict[str, Any]:
    """Return what an ID token says (OpenID Connect Core, section 2): who signed in, how, when, and for whom."""
    issued_at = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": subject,
        "aud": client_id,
        "iat": issued_at,
        "exp": issued_at + ID_TOKEN_LIVES_S,
        "auth_time": int(authenticated_at.timestamp()),
        "acr": acr,
        "amr": list(amr),
        "sid": session_id,
        "at_hash": at_hash(access_token),
    }
    return {**claims, "nonce": nonce} if nonce is not None else claims


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
