"""What releases do by the clock."""

from samovar.kit.workers import every
from samovar.services.notification.releases.use_cases import Releases


@every(5)
async def tell_releases(releases: Releases) -> None:
    """Tell those who wait that a game is out."""
    await releases.tell()


@every(3_600)
async def forget_lost_lines(releases: Releases) -> None:
    """Forget what cannot matter any more."""
    await releases.forget_lost_lines()
