"""The SQL of the list of orders."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Database
from samovar.services.payment.domain import Order
from samovar.services.payment.orders.pages.schemas import OrderKey


async def list_orders(
    database: Database, account_id: UUID, statuses: Sequence[str], after: OrderKey | None, limit: int
) -> list[Order]:
    """Return orders of an account, the newest first."""
    return await database.fetch(
        """
        SELECT * FROM orders
        WHERE account_id = $1 AND (cardinality($2::text[]) = 0 OR status = ANY($2)) AND ($3::uuid IS NULL OR id < $3)
        ORDER BY id DESC
        LIMIT $4
        """,
        account_id,
        list(statuses),
        after.id if after else None,
        limit,
        into=Order,
    )
