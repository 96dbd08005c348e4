"""The events that families listen to: account's own, of birthdays."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.contract.events import AgeLevelChanged
from samovar.services.account.family.domain import OF_AGE
from samovar.services.account.family.use_cases import Families


@consumes(AgeLevelChanged)
async def let_come_of_age(event: AgeLevelChanged, tx: Transaction, families: Families) -> None:
    """Make a child of a family an adult on its eighteenth birthday."""
    if event.level >= OF_AGE:
        await families.come_of_age(tx, event.account_id)
