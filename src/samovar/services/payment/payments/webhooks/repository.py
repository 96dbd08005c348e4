"""SQL of what providers told."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payments.webhooks.domain import ProviderEvent


async def keep_event(tx: Transaction, event: ProviderEvent, now: datetime) -> bool:
    """Keep what a provider told, to be asked about now; returns whether it is new. A repetition is counted."""
    is_new: bool = await tx.fetch_value(
        """
        INSERT INTO provider_events AS e (id, provider, object_id, kind, payment_id, received_at, next_try_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6)
        ON CONFLICT (provider, object_id, kind) DO UPDATE SET deliveries = e.deliveries + 1
        RETURNING deliveries = 1
        """,
        event.id,
        event.provider,
        event.object_id,
        event.kind,
        event.payment_id,
        now,
    )
    return is_new


async def take_events(tx: Transaction, now: datetime, until: datetime, limit: int) -> list[ProviderEvent]:
    """Take events that nobody has asked about, for this process alone until a moment."""
    return await tx.fetch(
        """
        UPDATE provider_events SET next_try_at = $2, tries = tries + 1
        WHERE id IN (
            SELECT id FROM provider_events WHERE next_try_at <= $1
            ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED
        )
        RETURNING *
        """,
        now,
        until,
        limit,
        into=ProviderEvent,
    )


async def close_event(
    tx: Transaction, event_id: UUID, processed_at: datetime | None, next_try_at: datetime | None
) -> None:
    """Write that an event is asked about, or when it is to be tried again."""
    await tx.execute(
        "UPDATE provider_events SET processed_at = $2, next_try_at = $3 WHERE id = $1",
        event_id,
        processed_at,
        next_try_at,
    )


async def events_of(reader: Database | Transaction, payment_id: UUID) -> list[ProviderEvent]:
    """Return what was told of a payment, in the order in which it came."""
    return await reader.fetch(
        "SELECT * FROM provider_events WHERE payment_id = $1 ORDER BY received_at, id",
        payment_id,
        into=ProviderEvent,
    )
