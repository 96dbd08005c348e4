"""What drives requests for personal data."""

from samovar.kit.workers import every
from samovar.services.account.personal_data.use_cases import Saga


@every(3)
async def drive_data_requests(saga: Saga) -> None:
    """Go on with exports and erasures; what a crash cut is taken up here."""
    await saga.go_on()


@every(3_600)
async def expire_exports(saga: Saga) -> None:
    """Delete exports whose time is over."""
    await saga.expire()
