"""What discounts ask of a sale that a package wants to join."""

from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.catalog.prices.repository import Reader
from samovar.services.catalog.prices.sales import repository
from samovar.services.catalog.prices.sales.schemas import Sale


async def find(reader: Reader, sale_id: UUID) -> Sale | None:
    """Return a sale; in a transaction it cannot be changed or called off until the commit."""
    if isinstance(reader, Transaction):
        await repository.hold_sale(reader, sale_id, for_change=False)
    return await repository.find_sale(reader, sale_id)
