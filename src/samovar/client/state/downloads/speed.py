"""How fast downloads go, out of what devices report: their own clock counts, not when somebody looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from samovar.client.api.library import Download

SAMPLES_MAX = 40
# Of the last reports the speed is the mean: a single one jumps.
_MEAN_OF = 5


@dataclass(frozen=True)
class Pace:
    """How fast one download goes.

    Attributes:
        samples: Bytes a second between two reports, the oldest first.
        left_s: How long it still takes, seconds; none while nothing moves.
    """

    samples: tuple[int, ...] = ()
    left_s: float | None = None

    @property
    def speed(self) -> int:
        """Bytes a second, lately."""
        return mean_of(self.samples)


def mean_of(samples: Sequence[int]) -> int:
    """Return how fast it goes lately, bytes a second; the oldest sample comes first."""
    last = samples[-_MEAN_OF:]
    return round(sum(last) / len(last)) if last else 0


class Speeds:
    """The speeds of a queue, while somebody looks at it."""

    def __init__(self) -> None:
        self._reports: dict[str, tuple[datetime, int]] = {}
        self._samples: dict[str, list[int]] = {}

    def see(self, downloads: Sequence[Download]) -> None:
        """Take over what devices have reported; a report that was seen before says nothing new."""
        there = {one.id for one in downloads}
        for gone in self._reports.keys() - there:
            del self._reports[gone]
            self._samples.pop(gone, None)
        for one in downloads:
            if one.changed_at is None:
                continue
            at, done = self._reports.get(one.id, (one.changed_at, one.done_bytes))
            passed_s = (one.changed_at - at).total_seconds()
            self._reports[one.id] = (one.changed_at, one.done_bytes)
            if one.state != "running":
                # Pauses are no slow downloads.
                self._samples.pop(one.id, None)
            elif passed_s > 0:
                kept = self._samples.setdefault(one.id, [])
                kept.append(max(0, round((one.done_bytes - done) / passed_s)))
                del kept[:-SAMPLES_MAX]

    def of(self, download: Download) -> Pace:
        """Return how fast a download goes."""
        samples = tuple(self._samples.get(download.id, ()))
        pace = Pace(samples)
        if pace.speed <= 0:
            return pace
        return Pace(samples, max(0, download.download_bytes - download.done_bytes) / pace.speed)
