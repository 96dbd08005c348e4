"""The events that families listen to: account's own, of birthdays and of friends who part."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.contract.events import AgeLevelChanged, FriendshipEnded
from samovar.services.account.family.domain import OF_AGE
from samovar.services.account.family.use_cases import Families, Invites


@consumes(AgeLevelChanged)
async def let_come_of_age(event: AgeLevelChanged, tx: Transaction, families: Families) -> None:
    """Make a child of a family an adult on its eighteenth birthday."""
    if event.level >= OF_AGE:
        await families.come_of_age(tx, event.account_id)


@consumes(FriendshipEnded)
async def withdraw_invites(event: FriendshipEnded, tx: Transaction, family_invites: Invites) -> None:
    """Withdraw the invites between two who are friends no longer."""
    await family_invites.withdraw_between(tx, *event.account_ids)
