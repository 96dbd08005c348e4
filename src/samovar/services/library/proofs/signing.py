"""Signing licence proofs: a key made of a secret, so that every process has the same one and none is stored."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from samovar.kit.settings import Secret
from samovar.services.library.proofs.schemas import ProofKey

LIVES_FOR = timedelta(minutes=5)
TYPE = "licence+jwt"
# FIPS 186-5, appendix A.2.1: 64 bits more than the order, so that no remainder is likelier than another.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_KEY_BYTES = 40


class ProofSigner:
    """Signs with one key, and shows the keys of this secret and of the one before.

    Args:
        issuer: The platform's origin.
        secret: Makes the key.
        secret_before: Made the key before a change; proofs signed with it hold until they run out.
        names_secret: Makes what a game calls a player; for ever the same.
    """

    def __init__(
        self, *, issuer: str, secret: Secret, secret_before: Secret | None, names_secret: Secret
    ) -> None:
        self._issuer = issuer
        self._key = _key_of(secret)
        self._names_secret = names_secret.reveal().encode()
        shown = [self._key, *([_key_of(secret_before)] if secret_before else [])]
        self.public_keys = [_public(key) for key in shown]

    def subject_of(self, app_id: UUID, account_id: UUID) -> str:
        """Return what a game calls a player: two games cannot find out that they have the same one."""
        return self._name(b"player", app_id, account_id.bytes)

    def sign(
        self,
        *,
        proof_id: UUID,
        app_id: UUID,
        account_id: UUID,
        device_id: str,
        right: str,
        nonce: str | None,
        now: datetime,
    ) -> str:
        """Return a proof."""
        issued_at = int(now.timestamp())
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": str(app_id),
            "sub": self.subject_of(app_id, account_id),
            "device": self._name(b"device", app_id, account_id.bytes + device_id.encode()),
            "right": right,
            "iat": issued_at,
            "exp": issued_at + int(LIVES_FOR.total_seconds()),
            "jti": str(proof_id),
        }
        if nonce is not None:
            claims["nonce"] = nonce
        header = {"alg": "ES256", "typ": TYPE, "kid": self.public_keys[0].kid}
        return jwt.encode(header, claims, self._key)

    def _name(self, what: bytes, app_id: UUID, of: bytes) -> str:
        text = b"licence proof " + what + b" " + app_id.bytes + of
        digest = hmac.digest(self._names_secret, text, hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _key_of(secret: Secret) -> ECKey:
    material = HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"samovar licence proofs 1").derive(
        secret.reveal().encode()
    )
    number = int.from_bytes(material) % (_ORDER - 1) + 1
    private = ec.derive_private_key(number, ec.SECP256R1())
    return ECKey.import_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _public(key: ECKey) -> ProofKey:
    public = key.as_dict(private=False)
    return ProofKey(kid=key.thumbprint(), x=str(public["x"]), y=str(public["y"]))
