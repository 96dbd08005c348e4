"""The SQL of carts."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.payment.domain import OrderLine


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
