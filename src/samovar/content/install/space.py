"""What an operation costs, said before the click: bytes to fetch, bytes to write, and the disk that it needs at its worst moment."""

import shutil
from pathlib import Path
from typing import NamedTuple

from samovar.content.format.plan import Plan
from samovar.content.install.building import BATCH_BYTES
from samovar.content.install.errors import NoSpace

# A batch that is not committed yet, and what the state folder holds beside the files: the plan, and the nodes of the tree twice.
STATE_BYTES = 8 * 1024 * 1024


class Budget(NamedTuple):
    """The cost of an operation in bytes.

    Attributes:
        fetches: To fetch.
        writes: To write.
        peak: Of disk beyond what is used before, at the worst moment.
        free: Of disk.
    """

    fetches: int
    writes: int
    peak: int
    free: int

    @property
    def fits(self) -> bool:
        """Whether the disk has room."""
        return self.peak <= self.free

    def check(self) -> None:
        """Refuse to begin when the disk has no room.

        Raises:
            NoSpace: It has not.
        """
        if not self.fits:
            raise NoSpace(self.peak - self.free)


def budget(plan: Plan, plan_bytes: int, game: Path) -> Budget:
    """Return the cost of a plan in a folder; `plan_bytes` is its size as it was sent."""
    there = game
    while not there.exists():
        there = there.parent
    nodes = sum(map(len, plan.nodes))
    state = STATE_BYTES + plan_bytes + 2 * nodes
    return Budget(
        fetches=plan.fetches,
        writes=plan.writes,
        peak=plan.peak + min(BATCH_BYTES, plan.writes) + state,
        free=shutil.disk_usage(there).free,
    )
