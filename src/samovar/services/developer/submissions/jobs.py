"""What submissions do by the clock."""

from samovar.kit.workers import every
from samovar.services.developer.submissions.use_cases import Releases


@every(1)
async def release_approved(releases: Releases) -> None:
    """Bring to the store what was approved and whose moment has come."""
    await releases.release_due()
