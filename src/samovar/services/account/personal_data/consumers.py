"""The events that call an erasure off."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.personal_data.use_cases import Requests
from samovar.services.auth.contract.events import SessionStarted


@consumes(SessionStarted)
async def keep_account_that_is_used(event: SessionStarted, tx: Transaction, requests: Requests) -> None:
    """Call an erasure off because the person has signed in."""
    await requests.keep_account_signed_in(tx, event.account_id, event.started_at)
