"""Telling everybody that packages cost otherwise than before."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.catalog.contract.events import PricesChanged
from samovar.services.catalog.search import marks

IDS_PER_EVENT_MAX = 500


async def tell(tx: Transaction, packages: Iterable[tuple[UUID, UUID]], now: datetime) -> None:
    """Publish `prices_changed` and have search read the pages again.

    Args:
        tx: The transaction of the change.
        packages: Each package with the app on whose page it is offered.
        now: When.
    """
    ordered = sorted(set(packages))
    await tx.publish_many(
        [
            PricesChanged(
                package_ids=tuple(package_id for package_id, _ in some),
                app_ids=tuple(sorted({app_id for _, app_id in some})),
                changed_at=now,
            )
            for start in range(0, len(ordered), IDS_PER_EVENT_MAX)
            if (some := ordered[start : start + IDS_PER_EVENT_MAX])
        ]
    )
    await marks.mark(tx, {app_id for _, app_id in ordered})
