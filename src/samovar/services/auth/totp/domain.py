"""The arithmetic of authenticator apps: which code belongs to which half minute, and which of them still counts."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pyotp

STEP_S = 30
DIGITS = 6
# What RFC 4226, section 4, recommends, and every app takes.
SECRET_BYTES = 20
ISSUER = "Самовар"
# A person who starts typing at the end of one half minute finishes in the next (RFC 6238, section 5.2).
STEPS_BACK = 1
# A secret that was shown and not confirmed by a code.
ENROLMENT_LIVES_FOR = timedelta(minutes=15)

Digest = Callable[..., Any]


def matching_step(
    secret: bytes,
    code: str,
    now: datetime,
    *,
    after: int,
    digits: int = DIGITS,
    digest: Digest = hashlib.sha1,
) -> int | None:
    """Return the time step that a code belongs to, or none when it is wrong, too old or used up.

    Args:
        secret: What the app and we share.
        code: As typed: people put a space in the middle.
        now: The present moment, by our clock alone.
        after: The step whose code was taken last: it and those before are used up.
        digits: How long a code is.
        digest: The hash function of the HMAC.
    """
    typed = "".join(code.split())
    if len(typed) != digits or not (typed.isascii() and typed.isdigit()):
        return None
    present = int(now.timestamp()) // STEP_S
    codes = pyotp.HOTP(base64.b32encode(secret).decode(), digits=digits, digest=digest)
    found = [
        step
        for step in range(max(present - STEPS_BACK, 0), present + 1)
        if hmac.compare_digest(codes.at(step), typed) and step > after
    ]
    return found[-1] if found else None


def secret_text(secret: bytes) -> str:
    """Return a secret as people type it into an app: base32."""
    return base64.b32encode(secret).decode()


def otpauth_uri(secret: bytes, login: str) -> str:
    """Return the address that an app reads from a QR code («Key URI Format»)."""
    return pyotp.TOTP(secret_text(secret)).provisioning_uri(name=login, issuer_name=ISSUER)
