"""What library tells of licences: what a person has, what of it they still wish for, and whether their reviews count."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.catalog.ownership import repository
from samovar.services.catalog.ownership.domain import LENT
from samovar.services.catalog.reviews.claims.use_cases import Claims
from samovar.services.catalog.wishlist import bought
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked


@consumes(LicenceGranted)
async def own_apps(event: LicenceGranted, tx: Transaction, review_claims: Claims) -> None:
    """Keep what a person has; what is heard after the licence's end changes nothing."""
    await repository.lock_owner(tx, event.account_id)
    if await repository.put_licence(tx, event):
        await repository.derive_owned(tx, event.account_id, event.app_ids)
        if event.kind not in LENT:
            await bought.drop(tx, event.account_id, event.app_ids, event.granted_at)
        await review_claims.look_again(tx, event.account_id, event.app_ids)


@consumes(LicenceRevoked)
async def disown_apps(event: LicenceRevoked, tx: Transaction, review_claims: Claims) -> None:
    """Take back what no other licence opens; heard before the grant, it is remembered."""
    await repository.lock_owner(tx, event.account_id)
    if await repository.put_licence(tx, event, revoked_at=event.revoked_at, revoke_reason=event.reason):
        await repository.derive_owned(tx, event.account_id, event.app_ids)
        await review_claims.look_again(tx, event.account_id, event.app_ids)
