"""An authenticator in software: makes passkeys and signs with them as WebAuthn level 3 says, or lies where a test asks it to."""

import base64
import hashlib
import json
import os
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

ORIGIN = "http://samovar.test"
USER_PRESENT, USER_VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
ES256, EDDSA, RS256, PS256 = -7, -8, -257, -37
# What a browser or an authenticator may say instead of the truth.
LIES: list[dict[str, Any]] = [
    {"origin": "http://samovar.example"},
    {"origin": "http://samovar.test:8080"},
    {"origin": "https://samovar.test"},
    {"rp_id": "example"},
    {"challenge": "A" * 43},
    {"challenge": "AA"},
    {"is_verified": False},
    {"type": "payment.get"},
    {"crossOrigin": True},
]
Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def text_of(raw: bytes) -> str:
    """Return base64url."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """Read base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Authenticator:
    """One authenticator with one passkey.

    Args:
        algorithm: By its COSE number.
        is_synced: It can be copied to other devices, and has been.
        counts: It has a counter of signatures; many have none.
    """

    def __init__(self, *, algorithm: int = ES256, is_synced: bool = False, counts: bool = True) -> None:
        self.credential_id = os.urandom(32)
        self.sign_count = 0
        self.user_handle = b""
        self._algorithm = algorithm
        self._flags = USER_PRESENT | (BACKUP_ELIGIBLE | BACKED_UP if is_synced else 0)
        self._counts = counts
        self._key = _new_key(algorithm)

    def make(
        self,
        options: dict[str, Any],
        *,
        origin: str = ORIGIN,
        rp_id: str | None = None,
        challenge: str | None = None,
        is_verified: bool = True,
        **client_data: Any,
    ) -> dict[str, Any]:
        """Answer `navigator.credentials.create`; what is given replaces the truth."""
        self.user_handle = bytes_of(options["user"]["id"])
        public_key = cbor2.dumps(_cose_key(self._key, self._algorithm))
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public_key
        data = self._data(rp_id or options["rp"]["id"], ATTESTED, is_verified=is_verified) + attested
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        return {
            **self._head(),
            "response": {
                "clientDataJSON": text_of(
                    _client_data("webauthn.create", challenge or options["challenge"], origin, client_data)
                ),
                "attestationObject": text_of(cbor2.dumps(attestation)),
                "transports": ["internal", "hybrid", "telepathy"],
            },
        }

    def sign(
        self,
        options: dict[str, Any],
        *,
        origin: str = ORIGIN,
        rp_id: str | None = None,
        challenge: str | None = None,
        is_verified: bool = True,
        user_handle: bytes | None = None,
        flags: int = 0,
        **client_data: Any,
    ) -> dict[str, Any]:
        """Answer `navigator.credentials.get`; what is given replaces the truth."""
        self.sign_count += self._counts
        client = _client_data("webauthn.get", challenge or options["challenge"], origin, client_data)
        data = self._data(rp_id or options["rpId"], flags, is_verified=is_verified)
        signature = _sign(self._key, data + hashlib.sha256(client).digest())
        return {
            **self._head(),
            "response": {
                "clientDataJSON": text_of(client),
                "authenticatorData": text_of(data),
                "signature": text_of(signature),
                "userHandle": text_of(self.user_handle if user_handle is None else user_handle),
            },
        }

    def _head(self) -> dict[str, Any]:
        name = text_of(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
        }

    def _data(self, rp_id: str, flags: int, *, is_verified: bool) -> bytes:
        flags |= self._flags | (USER_VERIFIED if is_verified else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.sign_count.to_bytes(4, "big")


def _new_key(algorithm: int) -> Key:
    match algorithm:
        case -8:
            return ed25519.Ed25519PrivateKey.generate()
        case -7:
            return ec.generate_private_key(ec.SECP256R1())
        case _:
            return rsa.generate_private_key(65_537, 2_048)


def _cose_key(key: Key, algorithm: int) -> dict[int, Any]:
    """Return the public half (RFC 9053, section 7)."""
    match key:
        case ed25519.Ed25519PrivateKey():
            return {1: 1, 3: algorithm, -1: 6, -2: key.public_key().public_bytes_raw()}
        case ec.EllipticCurvePrivateKey():
            point = key.public_key().public_numbers()
            return {
                1: 2,
                3: algorithm,
                -1: 1,
                -2: point.x.to_bytes(32, "big"),
                -3: point.y.to_bytes(32, "big"),
            }
        case _:
            numbers = key.public_key().public_numbers()
            return {1: 3, 3: algorithm, -1: numbers.n.to_bytes(256, "big"), -2: b"\x01\x00\x01"}


def _sign(key: Key, message: bytes) -> bytes:
    match key:
        case ed25519.Ed25519PrivateKey():
            return key.sign(message)
        case ec.EllipticCurvePrivateKey():
            return key.sign(message, ec.ECDSA(hashes.SHA256()))
        case _:
            return key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def _client_data(kind: str, challenge: str, origin: str, more: dict[str, Any]) -> bytes:
    data = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False, **more}
    return json.dumps(data).encode()
