"""The events that library sends about keys; the rules of `events` hold."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event


class KeyRedeemed(Event, frozen=True, kw_only=True, subject="library.v1.key_redeemed"):
    """Somebody has made a licence of an activation key; `licence_granted` tells of the licence itself."""

    key_id: UUID
    batch_id: UUID
    package_id: UUID
    account_id: UUID
    licence_id: UUID
    redeemed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the key, which is redeemed once."""
        return Aggregate(str(self.key_id), 1)
