"""The SQL of devices."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.auth.repository import DEVICE, Device


async def find_device(
    asked: Database | Transaction, account_id: UUID, device_id: UUID, *, is_locked: bool = False
) -> Device | None:
    """Return a device of an account; `is_locked` for this transaction alone."""
    return await asked.fetch_one(
        f"{DEVICE} WHERE id = $1 AND account_id = $2{' FOR UPDATE' if is_locked else ''}",
        device_id,
        account_id,
        into=Device,
    )


async def rename_device(tx: Transaction, account_id: UUID, device_id: UUID, name: str) -> None:
    """Call a device of an account otherwise."""
    await tx.execute(
        "UPDATE devices SET name = $3 WHERE id = $1 AND account_id = $2", device_id, account_id, name
    )


async def delete_device(tx: Transaction, account_id: UUID, device_id: UUID) -> bool:
    """Forget a device of an account; false when there is none."""
    return bool(
        await tx.execute("DELETE FROM devices WHERE id = $1 AND account_id = $2", device_id, account_id)
    )


async def list_devices(
    database: Database, account_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[Device]:
    """Return the devices of an account, the last seen first, after the keyset position `before`."""
    last_seen_at, device_id = before or (None, None)
    return await database.fetch(
        f"""
        {DEVICE}
        WHERE account_id = $1 AND ($2::timestamptz IS NULL OR (last_seen_at, id) < ($2, $3))
        ORDER BY last_seen_at DESC, id DESC
        LIMIT $4
        """,
        account_id,
        last_seen_at,
        device_id,
        limit,
        into=Device,
    )


async def delete_devices_unseen_since(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` devices on which nobody signed in since `moment`."""
    return await tx.execute(
        "DELETE FROM devices WHERE id IN (SELECT id FROM devices WHERE last_seen_at < $1 LIMIT $2)",
        moment,
        limit,
    )
