"""Whether a licence in force opens an app for somebody, asked by other rooms inside their transactions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.library.licences import repository


async def opened(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Return which of these apps a licence of the account's own opens at this moment."""
    return await repository.opened(tx, account_id, app_ids, now)


async def opened_early(tx: Transaction, account_id: UUID, app_id: UUID, now: datetime) -> bool:
    """Return whether an operator has given the account the app: to try it, and not to wait for its release."""
    return await repository.granted(tx, account_id, app_id, now)


async def kept(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these apps a licence of the account's own opens for good: neither a trial nor anything that ends by itself."""
    return await repository.kept(tx, account_id, app_ids)


async def periods(tx: Transaction, account_id: UUID, app_id: UUID) -> list[tuple[datetime, datetime | None]]:
    """Return from when to when each licence of the account's own, past ones too, opened an app; no end: it still does."""
    return await repository.periods(tx, account_id, app_id)
