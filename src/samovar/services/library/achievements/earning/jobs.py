"""What achievements do by the clock."""

from samovar.kit.workers import every
from samovar.services.library.achievements.earning.use_cases import Rarity


@every(60)
async def count_achievements(rarity: Rarity) -> None:
    """Count how rare achievements are: each game once an hour."""
    await rarity.count()
