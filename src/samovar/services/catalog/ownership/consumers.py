"""What library tells of licences."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.catalog.ownership import repository
from samovar.services.catalog.wishlist import bought
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked

# What one does not keep is still wished for.
_LENT = frozenset({"trial", "family"})


@consumes(LicenceGranted)
async def own_apps(event: LicenceGranted, tx: Transaction) -> None:
    """Keep what a person has; what is heard after the licence's end changes nothing."""
    await _keep(tx, event, is_over=False)


@consumes(LicenceRevoked)
async def disown_apps(event: LicenceRevoked, tx: Transaction) -> None:
    """Take back what no other licence opens; heard before the grant, it is remembered."""
    await _keep(tx, event, is_over=True)


async def _keep(tx: Transaction, event: LicenceGranted | LicenceRevoked, *, is_over: bool) -> None:
    await repository.lock_owner(tx, event.account_id)
    if await repository.put_licence(
        tx,
        licence_id=event.licence_id,
        account_id=event.account_id,
        app_ids=event.app_ids,
        granted_at=event.granted_at,
        is_over=is_over,
    ):
        await repository.derive_owned(tx, event.account_id, event.app_ids)
        if not is_over and event.kind not in _LENT:
            await bought.drop(tx, event.account_id, event.app_ids)
