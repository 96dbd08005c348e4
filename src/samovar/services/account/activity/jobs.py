"""What the activity history does by the clock."""

from samovar.kit.workers import every
from samovar.services.account.activity.use_cases import Activity


@every(3_600)
async def forget_old_actions(activity: Activity) -> None:
    """Delete what is older than is kept."""
    await activity.forget_old()
