"""What logins need by the clock."""

from samovar.kit.workers import every
from samovar.services.auth.logins.use_cases import Logins


@every(3_600)
async def forget_former_logins(logins: Logins) -> None:
    """Delete former logins that nobody will go back to."""
    await logins.forget_old()
