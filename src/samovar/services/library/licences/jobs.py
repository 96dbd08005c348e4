"""What licences do by the clock."""

from samovar.kit.workers import every
from samovar.services.library.licences.use_cases import Licences


@every(5)
async def expire_licences(licences: Licences) -> None:
    """End licences whose time is over. Nobody may use them a moment longer: what is checked is the time itself."""
    await licences.expire()
