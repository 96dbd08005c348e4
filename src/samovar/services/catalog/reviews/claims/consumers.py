"""What reviews hear: people who are called otherwise."""

from samovar.kit.events import consumes
from samovar.services.account.contract.events import ProfileChanged
from samovar.services.catalog.reviews.adapters import Authors


@consumes(ProfileChanged, mode="broadcast")
async def forget_author(event: ProfileChanged, review_authors: Authors) -> None:
    """Ask anew what somebody is called."""
    review_authors.forget(event.account_id)
