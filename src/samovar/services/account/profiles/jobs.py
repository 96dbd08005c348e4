"""What profiles do by the clock."""

from samovar.kit.workers import every
from samovar.services.account.profiles.use_cases import Profiles


@every(600)
async def reach_age_levels(profiles: Profiles) -> None:
    """Move everybody whose birthday brings the next age level there."""
    await profiles.reach_age_levels()
