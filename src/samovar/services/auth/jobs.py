"""What auth does by the clock."""

from samovar.kit.workers import every
from samovar.services.auth.tokens.rotation import SigningKeys
from samovar.services.auth.use_cases import Sessions


@every(60, alone=False)
async def renew_signing_keys(signing_keys: SigningKeys) -> None:
    """Let every process know all keys; whoever notices first that one is due makes it."""
    await signing_keys.refresh()


@every(3_600)
async def forget_old_sessions(sessions: Sessions) -> None:
    """Delete sessions that ended long ago."""
    await sessions.forget_old()
