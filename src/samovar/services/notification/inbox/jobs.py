"""What the inbox does by the clock."""

from samovar.kit.workers import every
from samovar.services.notification.inbox.use_cases import Inbox


@every(3_600)
async def forget_old_notifications(inbox: Inbox) -> None:
    """Delete what is older than is kept."""
    await inbox.forget_old()
