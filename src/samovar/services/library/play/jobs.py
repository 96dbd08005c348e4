"""What play does by the clock."""

from samovar.kit.workers import every
from samovar.services.library.play.use_cases import PlaySessions


@every(15)
async def end_silent_sessions(play_sessions: PlaySessions) -> None:
    """End sessions from which no word comes any more, at the last word."""
    await play_sessions.end_silent()


@every(3_600)
async def forget_old_sessions(play_sessions: PlaySessions) -> None:
    """Forget sessions of which nothing but their time is needed."""
    await play_sessions.forget_old()
