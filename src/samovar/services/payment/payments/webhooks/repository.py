"""SQL of what providers told."""

from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payments.webhooks.domain import ProviderEvent

# Whether asking about the payment of `e` can still change something.
_OPEN = """NOT EXISTS (SELECT FROM payments p WHERE p.id = e.payment_id AND p.state = 'captured')
    OR EXISTS (
        SELECT FROM payment_refunds r
        WHERE r.payment_id = e.payment_id AND r.state IN ('intended', 'sent', 'unknown', 'pending')
    )"""


async def keep_event(tx: Transaction, event: ProviderEvent, now: datetime, most: int) -> bool:
    """Keep what a provider told, to be asked about now; returns whether it is to be asked about.

    What was told before is asked about anew while that can still change something: what was told then may have been a lie. Of a payment
    that was captured, with nothing on its way back, a repetition is only counted. A payment has `most` events; what is told
    beyond them counts as one more telling of the last.
    """
    is_due = await tx.fetch_value(
        f"""
        INSERT INTO provider_events AS e (id, provider, object_id, kind, payment_id, received_at, next_try_at)
        SELECT $1, $2, $3, $4, $5, $6, $6
        WHERE (SELECT count(*) FROM provider_events WHERE payment_id = $5) < $7
           OR EXISTS (SELECT FROM provider_events WHERE provider = $2 AND object_id = $3 AND kind = $4)
        ON CONFLICT (provider, object_id, kind) DO UPDATE
        SET deliveries = e.deliveries + 1, next_try_at = CASE WHEN {_OPEN} THEN $6 ELSE e.next_try_at END
        RETURNING coalesce(next_try_at <= $6, false)
        """,  # noqa: S608  constants
        event.id,
        event.provider,
        event.object_id,
        event.kind,
        event.payment_id,
        now,
        most,
    )
    if is_due is None:
        is_due = await tx.fetch_value(
            f"""
            UPDATE provider_events AS e
            SET deliveries = deliveries + 1, next_try_at = CASE WHEN {_OPEN} THEN $2 ELSE e.next_try_at END
            WHERE id = (SELECT id FROM provider_events WHERE payment_id = $1 ORDER BY received_at DESC, id DESC LIMIT 1)
            RETURNING coalesce(next_try_at <= $2, false)
            """,  # noqa: S608  constants
            event.payment_id,
            now,
        )
    return bool(is_due)


async def take_events(
    tx: Transaction, now: datetime, until: datetime, limit: int, *, rest: timedelta
) -> list[ProviderEvent]:
    """Take events that are to be asked about, for this process alone until a moment.

    One of a payment at a time, and none of a payment that was asked about within the `rest` before now.
    """
    return await tx.fetch(
        """
        UPDATE provider_events SET next_try_at = $2, tries = tries + 1, asked_at = $1
        WHERE id IN (
            SELECT id FROM provider_events e WHERE next_try_at <= $1 AND NOT EXISTS (
                SELECT FROM provider_events other WHERE other.payment_id = e.payment_id AND (
                    other.asked_at > $1 - $4::interval
                    OR (other.next_try_at <= $1 AND (other.next_try_at, other.id) < (e.next_try_at, e.id))
                )
            )
            ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED
        )
        RETURNING *
        """,
        now,
        until,
        limit,
        rest,
        into=ProviderEvent,
    )


async def soonest(reader: Database | Transaction) -> datetime | None:
    """Return when an event is to be asked about next."""
    found: datetime | None = await reader.fetch_value("SELECT min(next_try_at) FROM provider_events")
    return found


async def close_event(
    tx: Transaction, event: ProviderEvent, processed_at: datetime | None, next_try_at: datetime | None
) -> None:
    """Write that a taken event is asked about, or when it is to be tried again. What was told meanwhile stays to be asked about."""
    await tx.execute(
        """
        UPDATE provider_events
        SET processed_at = coalesce($2, processed_at), next_try_at = CASE WHEN next_try_at = $4 THEN $3 ELSE next_try_at END
        WHERE id = $1
        """,
        event.id,
        processed_at,
        next_try_at,
        event.next_try_at,
    )


async def events_of(reader: Database | Transaction, payment_id: UUID) -> list[ProviderEvent]:
    """Return what was told of a payment, in the order in which it came."""
    return await reader.fetch(
        "SELECT * FROM provider_events WHERE payment_id = $1 ORDER BY received_at, id",
        payment_id,
        into=ProviderEvent,
    )
