"""What alerts need by the clock."""

from samovar.kit.workers import every
from samovar.services.auth.alerts.use_cases import Alerts


@every(3_600)
async def forget_old_alerts(alerts: Alerts) -> None:
    """Delete alerts that nobody can answer any more."""
    await alerts.forget_old()
