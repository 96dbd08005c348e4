"""The shapes of licence proofs as they travel."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.library.play.schemas import DeviceId

NONCE_LENGTH_MAX = 128


class ProofOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A proof that a player's program wants.

    Attributes:
        nonce: What the game's server made up for this player, so that nobody else's proof can be shown to it.
    """

    device_id: DeviceId
    nonce: (
        Annotated[str, Meta(min_length=1, max_length=NONCE_LENGTH_MAX, pattern=r"^[A-Za-z0-9._~-]+\Z")] | None
    ) = None


class LicenceProof(msgspec.Struct, frozen=True, kw_only=True):
    """A proof.

    Attributes:
        proof: A JWT (RFC 7519) signed with ES256, for the game's server.
        subject: What this game calls the player; another one in every other game.
    """

    proof: str
    subject: str
    game_id: UUID
    expires_at: datetime


class ProofKey(msgspec.Struct, frozen=True, kw_only=True):
    """A public key (RFC 7517)."""

    kid: str
    x: str
    y: str
    kty: Literal["EC"] = "EC"
    crv: Literal["P-256"] = "P-256"
    alg: Literal["ES256"] = "ES256"
    use: Literal["sig"] = "sig"


class ProofKeys(msgspec.Struct, frozen=True):
    """All keys that may have signed a proof that still holds."""

    keys: list[ProofKey]
