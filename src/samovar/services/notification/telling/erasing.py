"""Forgets people here once all services have forgotten them."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.notification.telling import repository


class Forgetting:
    """Drops what is left of the erased."""

    async def forget(self, tx: Transaction, account_id: UUID, erased_at: datetime) -> None:
        """Drop what was told to somebody, and what is told to them never more; the names that others see go, too."""
        await repository.forget(tx, account_id, erased_at)
