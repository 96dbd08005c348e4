"""The events from which contacts come."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.contacts.use_cases import Verification
from samovar.services.auth.contract.events import AccountRegistered


@consumes(AccountRegistered)
async def begin_contacts(event: AccountRegistered, tx: Transaction, verification: Verification) -> None:
    """Keep what somebody gave at registration, and send a code to their mail address."""
    await verification.begin(tx, event)
