"""The rules of risk: what makes a sign-in look unlike its owner. They need no outside feed and no map of networks.

A risk never keeps anybody out. It asks for the second factor where a trusted device would have done without, and says so in
`SessionStarted`.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

import msgspec

IDLE_AFTER = timedelta(days=30)
GUESSED_WITHIN = timedelta(hours=1)
GUESSES_MIN = 5
"""Somebody who mistypes a password tries three times; five are a habit or another person."""

Risk = Literal["idle", "new_place", "guessed"]


class Signals(msgspec.Struct, frozen=True, kw_only=True):
    """What is known when somebody has shown who they are.

    Attributes:
        failures: Refused attempts at this account within `GUESSED_WITHIN`.
        last_used_at: When the account was last used; none when it never was.
        networks: From where its devices and live sessions were last seen.
        network: From where it is used this time.
        is_known_device: It has signed in on this device before.
    """

    failures: int
    last_used_at: datetime | None
    networks: Collection[str]
    network: str
    is_known_device: bool


def risks_of(signals: Signals, now: datetime) -> tuple[Risk, ...]:
    """Return why a sign-in looks unlike its owner; nothing when it does not."""
    is_idle = signals.last_used_at is not None and now - signals.last_used_at > IDLE_AFTER
    is_new_place = not signals.is_known_device and signals.network not in signals.networks
    found: tuple[tuple[Risk, bool], ...] = (
        ("idle", is_idle),
        # A known device moves about, and a new one at home is an everyday thing; both at once are not.
        ("new_place", is_new_place and bool(signals.networks)),
        ("guessed", signals.failures >= GUESSES_MIN),
    )
    return tuple(risk for risk, is_there in found if is_there)
