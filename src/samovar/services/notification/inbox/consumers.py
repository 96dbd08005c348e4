"""What each process hears of inboxes."""

from samovar.kit.events import consumes
from samovar.services.notification.contract.events import InboxChanged
from samovar.services.notification.inbox.bell import Bell


@consumes(InboxChanged, mode="broadcast")
async def ring_bell(event: InboxChanged, bell: Bell) -> None:
    """Drop the counts that are kept, and wake who waits."""
    bell.ring(event.account_ids)
