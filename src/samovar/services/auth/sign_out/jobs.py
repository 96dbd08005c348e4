"""Telling clients, by the clock."""

from samovar.kit.workers import every
from samovar.services.auth.sign_out.use_cases import Notices


@every(2)
async def tell_clients(notices: Notices) -> None:
    """Tell clients that a session is over; those that are away are told again, for a day."""
    await notices.tell_due()


@every(3_600)
async def forget_old_notices(notices: Notices) -> None:
    """Delete what was settled long ago."""
    await notices.forget_old()
