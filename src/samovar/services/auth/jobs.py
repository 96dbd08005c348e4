"""What auth does by the clock."""

from samovar.kit.workers import every
from samovar.services.auth.audit import Audit
from samovar.services.auth.devices.use_cases import Devices
from samovar.services.auth.sessions.use_cases import Sessions
from samovar.services.auth.tokens.rotation import SigningKeys


@every(60, alone=False)
async def renew_signing_keys(signing_keys: SigningKeys) -> None:
    """Let every process know all keys; whoever notices first that one is due makes it."""
    await signing_keys.refresh()


@every(3_600)
async def forget_old_sessions(sessions: Sessions, devices: Devices, audit: Audit) -> None:
    """Delete sessions, devices and entries of the audit that are of long ago."""
    await sessions.forget_old()
    await devices.forget_old()
    await audit.forget_old()
