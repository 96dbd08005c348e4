"""Calls discounts off whose package nobody can buy any more.

A price is struck out that was charged for thirty days without a break; what leaves the store and returns has begun these days anew, so a discount
that was planned before would strike out what it may not.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.catalog.contract.prices_events import DiscountEnded
from samovar.services.catalog.prices.discounts import repository
from samovar.services.catalog.prices.holding import hold
from samovar.services.catalog.prices.telling import tell


async def call_off(
    tx: Transaction, package_ids: Sequence[UUID], *, account_id: UUID | None, now: datetime
) -> None:
    """Call off what is active or planned on packages that leave the store.

    Args:
        tx: It takes them off sale.
        package_ids: Which packages.
        account_id: Who takes them off; none for an import.
        now: When.
    """
    if not package_ids:
        return
    ended: dict[UUID, DiscountEnded] = {}
    pages = set()
    for package in (await hold(tx, sorted(package_ids))).values():
        for discount in package.dated.discounts:
            if discount.is_ahead(package.dated.release, now):
                span = discount.span(package.dated.release)
                ended[discount.id] = DiscountEnded(
                    discount_id=discount.id,
                    package_id=package.id,
                    app_id=package.app_id,
                    ended_at=now,
                    has_held=span is not None and span.holds(now),
                )
                pages.add((package.id, package.app_id))
    if ended:
        await repository.end_discounts(tx, list(ended), now)
        await repository.note_ends(tx, list(ended), account_id, now)
        await tx.publish_many(list(ended.values()))
        await tell(tx, pages, now)
