"""The events that logins follow: account's."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.contract.events import ContactRemoved, ContactVerified
from samovar.services.auth.logins.use_cases import Logins


@consumes(ContactVerified)
async def follow_proved_contact(event: ContactVerified, tx: Transaction, logins: Logins) -> None:
    """Let the account sign in by what it has proved."""
    await logins.follow_proof(tx, event)


@consumes(ContactRemoved)
async def follow_removed_contact(event: ContactRemoved, tx: Transaction, logins: Logins) -> None:
    """Let the account no longer sign in by what it has replaced."""
    await logins.follow_removal(tx, event)
