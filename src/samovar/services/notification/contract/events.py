"""The events that notification sends. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Event


class InboxChanged(Event, frozen=True, kw_only=True, subject="notification.v1.inbox_changed"):
    """Something is new in the inboxes of people, or was read or taken away; for notification's own processes.

    Attributes:
        account_ids: At most 500.
    """

    account_ids: tuple[UUID, ...]
    changed_at: datetime
