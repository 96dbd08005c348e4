"""What library tells of packages that were sold."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.catalog.packages import repository
from samovar.services.library.contract.events import LicenceGranted

SALE = "purchase"


@consumes(LicenceGranted)
async def mark_package_sold(event: LicenceGranted, tx: Transaction) -> None:
    """Remember the first sale of a package: from then on it cannot lose apps."""
    if event.kind == SALE and event.package_id is not None:
        await repository.mark_sold(tx, event.package_id, event.granted_at)
