"""Keys and signatures of the simulated services, by hand: also those that no library would make."""

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

_RSA_EXPONENT = 65_537
_RSA_BITS = 2_048


def base64url(raw: bytes) -> str:
    """Return the form that JOSE writes."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class RsaSigner:
    """One RSA key at a time; `rotate` replaces it at once, as careless services do."""

    def __init__(self) -> None:
        self.rotate()

    def rotate(self) -> None:
        """Replace the key."""
        self._key = rsa.generate_private_key(_RSA_EXPONENT, _RSA_BITS)
        self._kid = secrets.token_hex(8)

    def jwk(self) -> dict[str, str]:
        """Return the public key (RFC 7517)."""
        numbers = self._key.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self._kid,
            "n": base64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
            "e": base64url(numbers.e.to_bytes(3, "big")),
        }

    def token(self, claims: dict[str, Any], *, fault: str = "none") -> str:
        """Return an ID token; some faults are of the signature."""
        header: dict[str, Any] = {"alg": "RS256", "typ": "JWT", "kid": self._kid}
        if fault == "alg_none":
            header["alg"] = "none"
        if fault == "hmac_with_public_key":
            header["alg"] = "HS256"
        if fault == "unknown_key":
            header["kid"] = "nobody-knows-this"
        if fault == "key_in_header":
            header["jwk"] = self.jwk()
        signed = f"{_part(header)}.{_part(claims)}"
        return f"{signed}.{base64url(self._signature(signed.encode(), fault))}"

    def _signature(self, message: bytes, fault: str) -> bytes:
        if fault == "alg_none":
            return b""
        if fault == "hmac_with_public_key":
            public = self._key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return hmac.digest(public, message, hashlib.sha256)
        signature = self._key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        return signature[::-1] if fault == "bad_signature" else signature


def gost_token(claims: dict[str, Any], *, fault: str = "none") -> str:
    """Return an ID token as Sber ID makes it; nobody without certified software can check its signature, so it is noise."""
    header = {"alg": "none" if fault == "alg_none" else "gost34.10-2012", "typ": "JWT"}
    return f"{_part(header)}.{_part(claims)}.{base64url(secrets.token_bytes(64))}"


def _part(value: dict[str, Any]) -> str:
    return base64url(json.dumps(value).encode())


class MiniAppSigner:
    """Signs what a messenger hands to a mini app, and what Telegram's old widget gives."""

    def __init__(self, bot_token: str) -> None:
        self._bot_token = bot_token
        self._key = ed25519.Ed25519PrivateKey.generate()

    @property
    def public_key(self) -> str:
        """The Ed25519 key, in hex."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign_mini_app(self, fields: dict[str, str], *, bot_id: str | None = None) -> dict[str, str]:
        """Return the fields with `hash`, and with `signature` where the bot has an id."""
        if bot_id:
            signature = self._key.sign(f"{bot_id}:WebAppData\n{_lines(fields)}".encode())
            fields = {**fields, "signature": base64url(signature)}
        key = hmac.digest(b"WebAppData", self._bot_token.encode(), hashlib.sha256)
        return {**fields, "hash": hmac.digest(key, _lines(fields).encode(), hashlib.sha256).hex()}

    def sign_widget(self, fields: dict[str, str]) -> dict[str, str]:
        """Return the fields with `hash`."""
        key = hashlib.sha256(self._bot_token.encode()).digest()
        return {**fields, "hash": hmac.digest(key, _lines(fields).encode(), hashlib.sha256).hex()}


def _lines(fields: dict[str, str]) -> str:
    return "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
