"""The events from which profiles come."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.profiles.use_cases import Profiles
from samovar.services.auth.contract.events import AccountRegistered


@consumes(AccountRegistered)
async def begin_profile(event: AccountRegistered, tx: Transaction, profiles: Profiles) -> None:
    """Make the profile of somebody who has registered."""
    await profiles.begin(tx, event)
