"""What contacts do by the clock."""

from samovar.kit.workers import every
from samovar.services.account.contacts.use_cases import Verification


@every(600)
async def forget_old_codes(verification: Verification) -> None:
    """Delete codes that expired a while ago."""
    await verification.forget_old()
