"""What presence does by the clock."""

from samovar.kit.workers import every
from samovar.services.library.presence.use_cases import OldPresences


@every(60)
async def forget_presences(old_presences: OldPresences) -> None:
    """Forget what was said in sessions that are over: it is shown no more already."""
    await old_presences.forget()
