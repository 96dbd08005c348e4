"""What reviews hear: licences that come and go, people who are called otherwise."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.contract.events import ProfileChanged
from samovar.services.catalog.reviews.adapters import Authors
from samovar.services.catalog.reviews.claims.use_cases import Claims
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked


@consumes(LicenceGranted)
async def count_review_of_licence(event: LicenceGranted, tx: Transaction, review_claims: Claims) -> None:
    """Let a review count whose author has bought the game, also when they have bought it again."""
    await review_claims.grant(tx, event)


@consumes(LicenceRevoked)
async def discount_review_of_licence(event: LicenceRevoked, tx: Transaction, review_claims: Claims) -> None:
    """Mark the review of a game that was given back; it counts no more."""
    await review_claims.revoke(tx, event)


@consumes(ProfileChanged, mode="broadcast")
async def forget_author(event: ProfileChanged, review_authors: Authors) -> None:
    """Ask anew what somebody is called."""
    review_authors.forget(event.account_id)
