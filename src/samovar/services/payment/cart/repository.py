"""The SQL of carts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.cart.domain import Held
from samovar.services.payment.domain import OrderLine


async def list_items(reader: Database | Transaction, account_id: UUID) -> list[Held]:
    """Return what a cart holds, in its order."""
    return await reader.fetch(
        """
        SELECT package_id, bundle_id, recipient_id, message, added_at FROM cart_items WHERE account_id = $1 ORDER BY position
        """,
        account_id,
        into=Held,
    )


async def hold(tx: Transaction, account_id: UUID, now: datetime) -> None:
    """Keep other changes of somebody's cart away until this transaction ends."""
    await tx.execute(
        """
        INSERT INTO carts (account_id, updated_at) VALUES ($1, $2)
        ON CONFLICT (account_id) DO UPDATE SET updated_at = excluded.updated_at
        """,
        account_id,
        now,
    )


async def hold_known(tx: Transaction, account_id: UUID) -> bool:
    """Do the same with a cart that there is; returns whether there is one."""
    return bool(
        await tx.fetch_value(
            "SELECT true FROM carts WHERE account_id = $1 FOR NO KEY UPDATE",
            account_id,
        )
    )


async def replace_items(tx: Transaction, account_id: UUID, held: Sequence[Held]) -> None:
    """Let a cart hold this and nothing else."""
    await tx.execute("DELETE FROM cart_items WHERE account_id = $1", account_id)
    await tx.execute(
        """
        INSERT INTO cart_items (account_id, position, package_id, bundle_id, recipient_id, message, added_at)
        SELECT $1, place, package_id, bundle_id, recipient_id, message, added_at
        FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[]) WITH ORDINALITY
            AS held (package_id, bundle_id, recipient_id, message, added_at, place)
        """,
        account_id,
        [one.package_id for one in held],
        [one.bundle_id for one in held],
        [one.recipient_id for one in held],
        [one.message for one in held],
        [one.added_at for one in held],
    )


async def delete_bought(tx: Transaction, account_id: UUID, lines: Sequence[OrderLine]) -> int:
    """Take out of a cart what an order has lines of, for the same recipient; return how many items that were."""
    return await tx.execute(
        """
        DELETE FROM cart_items c
        USING unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS bought (package_id, bundle_id, recipient_id)
        WHERE c.account_id = $1 AND coalesce(c.recipient_id, $1) = bought.recipient_id
            AND (c.package_id = bought.package_id OR c.bundle_id = bought.bundle_id)
        """,
        account_id,
        [line.package_id for line in lines],
        [line.bundle_id for line in lines],
        [line.recipient_id for line in lines],
    )
