"""What deltas do by the clock."""

from samovar.kit.workers import every
from samovar.services.download.plans.deltas.use_cases import Deltas

AT_ONCE_MAX = 20


@every(30)
async def make_deltas(deltas: Deltas) -> None:
    """Make deltas between builds that players go between, each in a process of its own."""
    for _ in range(AT_ONCE_MAX):
        if not await deltas.make_next():
            return


@every(3_600)
async def clear_deltas(deltas: Deltas) -> None:
    """Forget deltas that nobody needs any more."""
    await deltas.clear()
