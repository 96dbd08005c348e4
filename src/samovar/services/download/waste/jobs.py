"""What is cleared away by the clock."""

from samovar.kit.workers import every
from samovar.services.download.waste.use_cases import Waste


@every(300)
async def give_up_uploads(waste: Waste) -> None:
    """Give up uploads whose time is over."""
    await waste.give_up_uploads()


@every(3_600)
async def clear_store(waste: Waste) -> None:
    """Forget packs that no build needs and plans that nobody uses, and delete the bytes of those that were forgotten days ago."""
    await waste.leave_packs()
    await waste.leave_plans()
    await waste.delete_bytes()
