"""The rules of contacts, as pure functions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

Kind = Literal["email", "phone"]
PhoneMethod = Literal["sms", "flash_call", "reverse_call"]
Method = Literal["email", "sms", "flash_call", "reverse_call"]
IdentityLevel = Literal[0, 1, 2, 3]

# ASVS 5.0, 6.5.5 and 6.6.3: ten minutes at most, and no more guesses than make a hit unlikely.
CODE_TTL = timedelta(minutes=10)
RESEND_PAUSE = timedelta(seconds=60)
CODE_DIGITS = 6
TRIES_MAX = 5
# The code of a flash call is the end of a phone number; there are only ten thousand.
FLASH_CALL_DIGITS = 4
FLASH_CALL_TRIES_MAX = 3
# Adding a contact of their own, or moving one elsewhere, is the first thing that a thief of a session does.
PROOF_OF_CHANGE_AGE_MAX = timedelta(minutes=15)
_SHOWN = 2
_PHONE_SHOWN = 4


class Waiting(msgspec.Struct, frozen=True):
    """What decides over a code that came back."""

    tries_left: int
    expires_at: datetime


def is_open(waiting: Waiting | None, now: datetime) -> bool:
    """Return whether a code may still come back."""
    return waiting is not None and waiting.tries_left > 0 and now < waiting.expires_at


def pause_left(sent_at: datetime | None, now: datetime) -> timedelta:
    """Return how long another code must wait after the one that was sent last; nothing or less when it need not."""
    return sent_at + RESEND_PAUSE - now if sent_at else timedelta(0)


def digits_of(method: Method) -> int:
    """Return how long the code of a method is; 0 where the person types none."""
    return {"reverse_call": 0, "flash_call": FLASH_CALL_DIGITS}.get(method, CODE_DIGITS)


def tries_of(method: Method) -> int:
    """Return how often a code of a method may be guessed."""
    return FLASH_CALL_TRIES_MAX if method == "flash_call" else TRIES_MAX


def method_after(order: Sequence[PhoneMethod], sent_before: int) -> PhoneMethod:
    """Return the method to use when `sent_before` codes did not reach the phone: the next in the operator's order."""
    return order[min(sent_before, len(order) - 1)]


def identity_level(*, email_verified: bool, phone_verified: bool) -> IdentityLevel:
    """Return how well a person is known: 0 not at all, 1 by a mail address, 2 by a phone, 3 by the state.

    A phone counts as identification under 149-ФЗ, article 8, part 10; nothing in this service proves level 3.
    """
    if phone_verified:
        return 2
    return 1 if email_verified else 0


def masked(kind: Kind, value: str) -> str:
    """Return an address so that its owner knows it and nobody else learns it: `an…@example.org`, `+7…4567`."""
    if kind == "phone":
        return f"{value[:_SHOWN]}…{value[-_PHONE_SHOWN:]}"
    local, _, domain = value.rpartition("@")
    return f"{local[:_SHOWN]}…@{domain}"
