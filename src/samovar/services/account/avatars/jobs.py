"""What avatars do by the clock."""

from samovar.kit.workers import every
from samovar.services.account.avatars.use_cases import Avatars


@every(3_600)
async def forget_unused_avatars(avatars: Avatars) -> None:
    """Delete the pictures that nobody shows."""
    await avatars.forget_unused()
