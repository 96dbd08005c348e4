"""The registration: everything that account begins to keep of a person, in one transaction.

So somebody whose row in `accounts` is there has their contacts and consents, too; `profiles.arrival` waits for that row.
"""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.consents.use_cases import Ledger
from samovar.services.account.contacts.use_cases import Verification
from samovar.services.account.profiles.use_cases import Profiles
from samovar.services.auth.contract.events import AccountRegistered


@consumes(AccountRegistered)
async def begin_account(
    event: AccountRegistered, tx: Transaction, profiles: Profiles, verification: Verification, ledger: Ledger
) -> None:
    """Make the profile of somebody who has registered, keep their contacts and consents, and send a code to their mail."""
    await profiles.begin(tx, event)
    await verification.begin(tx, event)
    await ledger.begin(tx, event)
