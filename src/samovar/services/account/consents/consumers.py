"""The events from which consents come."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.consents.use_cases import Ledger
from samovar.services.auth.contract.events import AccountRegistered


@consumes(AccountRegistered)
async def begin_consents(event: AccountRegistered, tx: Transaction, ledger: Ledger) -> None:
    """Keep what somebody agreed to at registration."""
    await ledger.begin(tx, event)
