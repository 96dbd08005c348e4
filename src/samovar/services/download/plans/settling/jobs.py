"""What is compressed again by the clock."""

from samovar.kit.workers import every
from samovar.services.download.plans.settling.use_cases import Settling

AT_ONCE_MAX = 20


@every(60)
async def settle_packs(settling: Settling) -> None:
    """Compress packs of builds again, in a process of its own."""
    for _ in range(AT_ONCE_MAX):
        if not await settling.settle_next():
            break
    await settling.count()
