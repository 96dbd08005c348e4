"""For a game's own server: verifying a licence proof with the platform's public keys, asking nobody."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

PROOF_BYTES_MAX = 4_096
TYPE = "licence+jwt"
# Two machines' clocks differ by a little.
LEEWAY = timedelta(seconds=30)


class ProofInvalid(Exception):
    """The proof shows nothing. `why`: `malformed`, `unknown_key`, `forged`, `other_platform`, `other_game`, `other_nonce`, `too_old` or `too_new`.

    At `unknown_key` fetch the keys anew, at most once a minute, and try again.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Proved(msgspec.Struct, frozen=True, kw_only=True):
    """What a proof shows.

    Attributes:
        subject: What this game calls the player, for ever.
        device: What this game calls the player's machine.
        right: Their own licence, or one of their family's.
        proof_id: Remember it until `expires_at` where one proof must not count twice, if there was no nonce.
    """

    subject: str = msgspec.field(name="sub")
    device: str
    right: Literal["own", "family"]
    proof_id: UUID = msgspec.field(name="jti")
    issued_at: int = msgspec.field(name="iat")
    expires_at: int = msgspec.field(name="exp")
    issuer: str = msgspec.field(name="iss")
    game_id: UUID = msgspec.field(name="aud")
    nonce: str | None = None


def verify(
    proof: str,
    keys: Mapping[str, Any],
    *,
    origin: str,
    game_id: UUID,
    now: datetime,
    nonce: str | None = None,
) -> Proved:
    """Return what a proof shows.

    Args:
        proof: As the game sent it.
        keys: The answer of `GET /v1/library/licence-proofs/keys`; keep it, it changes rarely.
        origin: The platform's address.
        game_id: The server's own game.
        now: The present moment, in UTC.
        nonce: What this server made up for this player; none: it asked for none.

    Raises:
        ProofInvalid: It shows nothing.
    """
    payload = _signed(proof, keys)
    try:
        shown = msgspec.json.decode(payload, type=Proved)
    except msgspec.DecodeError:
        raise ProofInvalid("malformed") from None
    moment = now.timestamp()
    refusals = (
        ("other_platform", shown.issuer != origin),
        ("other_game", shown.game_id != game_id),
        ("other_nonce", shown.nonce != nonce),
        ("too_old", shown.expires_at + LEEWAY.total_seconds() <= moment),
        ("too_new", shown.issued_at - LEEWAY.total_seconds() > moment),
    )
    for why, is_so in refusals:
        if is_so:
            raise ProofInvalid(why)
    return shown


def _signed(proof: str, keys: Mapping[str, Any]) -> bytes:
    """Return what is signed, by a key of the platform and in the form of a proof and nothing else."""
    if len(proof) > PROOF_BYTES_MAX:
        raise ProofInvalid("malformed")
    try:
        header = jws.extract_compact(proof.encode()).headers()
    except (JoseError, ValueError, TypeError):
        raise ProofInvalid("malformed") from None
    if (header.get("typ"), header.get("alg")) != (TYPE, "ES256"):
        raise ProofInvalid("malformed")
    known = {key.get("kid"): key for key in keys.get("keys", [])}
    if header.get("kid") not in known:
        raise ProofInvalid("unknown_key")
    try:
        key = ECKey.import_key(known[header["kid"]])
        return jws.deserialize_compact(proof, key, algorithms=["ES256"]).payload
    except (JoseError, ValueError, TypeError):
        raise ProofInvalid("forged") from None
