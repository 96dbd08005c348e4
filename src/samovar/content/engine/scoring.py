"""Which mirror is asked: the one that has been fastest lately, now and then another one, and none that has just failed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

# Weight of a new measurement.
NEW = 0.3
# One range in so many goes to a mirror that is not the fastest, to see whether it has become so.
EXPLORE_EVERY = 16
REST_S = 2.0
REST_S_MAX = 120.0
# Whoever gives less than this part of what another one gave is left in the middle of a range.
SLOW = 0.25


@dataclass(slots=True)
class Score:
    """What is known of a mirror.

    Attributes:
        bytes_per_s: Its speed; 0 when nobody knows.
        failures: In a row.
        rests_until: It is not asked before, unless all rest.
    """

    bytes_per_s: float = 0.0
    failures: int = 0
    rests_until: float = 0.0


class Scores:
    """Chooses.

    Args:
        monotonic: Seconds that only grow.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._scores: dict[str, Score] = {}
        self._asked = 0

    def of(self, name: str) -> Score:
        """Return what is known of a mirror."""
        return self._scores.setdefault(name, Score())

    def choose(self, names: Iterable[str], tried: Iterable[str] = ()) -> str:
        """Return the mirror to ask: not one that was tried for this range already, if there is another."""
        now = self._monotonic()
        listed = list(names)
        fresh = [name for name in listed if name not in {*tried}] or listed
        awake = [name for name in fresh if self.of(name).rests_until <= now] or fresh
        unknown = [name for name in awake if not self.of(name).bytes_per_s and not self.of(name).failures]
        if unknown:
            return unknown[0]
        order = sorted(awake, key=lambda name: (self.of(name).failures, -self.of(name).bytes_per_s))
        self._asked += 1
        return order[1] if len(order) > 1 and self._asked % EXPLORE_EVERY == 0 else order[0]

    def worked(self, name: str, size: int, took_s: float) -> None:
        """Note that a mirror gave bytes."""
        score = self.of(name)
        speed = size / max(took_s, 1e-6)
        score.bytes_per_s = speed if not score.bytes_per_s else score.bytes_per_s * (1 - NEW) + speed * NEW
        score.failures = 0

    def failed(self, name: str) -> None:
        """Note that a mirror failed or lied; the more often in a row, the longer it rests."""
        score = self.of(name)
        score.failures += 1
        score.rests_until = self._monotonic() + min(REST_S_MAX, REST_S * 2 ** (score.failures - 1))

    def is_slow(self, name: str, bytes_per_s: float) -> bool:
        """Whether another mirror that does not rest has been much faster than this one is now."""
        now = self._monotonic()
        others = (
            score.bytes_per_s
            for other, score in self._scores.items()
            if other != name and score.rests_until <= now and not score.failures
        )
        return bytes_per_s < SLOW * max(others, default=0.0)
