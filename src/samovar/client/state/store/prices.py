"""The history of a price, as a line that can be drawn: honest means that nothing is smoothed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from samovar.client.api.game_pages import PriceStep

DAYS_SHOWN = 365
STEPS_MAX = 60


@dataclass(frozen=True)
class Level:
    """A stretch of one price, in shares of the whole line from 0 to 1."""

    begins: float
    ends: float
    height: float
    step: PriceStep


def levels(steps: Sequence[PriceStep], now: datetime) -> list[Level]:
    """Return the stretches of the last year, the oldest first; the highest price has height 1."""
    begin = max(now - timedelta(days=DAYS_SHOWN), min((one.since for one in steps), default=now))
    whole = (now - begin).total_seconds()
    shown = [one for one in steps if (one.until or now) > begin][-STEPS_MAX:]
    top = max((int(one.final["amount"]) for one in shown), default=0)
    if whole <= 0 or top <= 0:
        return []
    return [
        Level(
            begins=max(0.0, (one.since - begin).total_seconds() / whole),
            ends=min(1.0, ((one.until or now) - begin).total_seconds() / whole),
            height=int(one.final["amount"]) / top,
            step=one,
        )
        for one in shown
    ]
