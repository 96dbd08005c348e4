"""Remembered consents, for whoever is about to ask: in the caller's transaction."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.consents import repository


async def scopes_of(tx: Transaction, account_id: UUID, client_id: str) -> tuple[str, ...]:
    """Return what an account lets a client know so far."""
    consent = await repository.find_consent(tx, account_id, client_id)
    return consent.scopes if consent else ()


async def remember(
    tx: Transaction, account_id: UUID, client_id: str, scopes: tuple[str, ...], now: datetime
) -> None:
    """Remember a yes, beside those of before."""
    known = await scopes_of(tx, account_id, client_id)
    await repository.save_consent(tx, account_id, client_id, tuple(dict.fromkeys((*known, *scopes))), now)
