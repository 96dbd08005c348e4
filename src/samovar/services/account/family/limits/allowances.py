"""What the rest of the family asks and tells of limits, in its own transaction."""

from datetime import date
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.account.family.limits import repository
from samovar.services.account.family.limits.domain import DAY_MINUTES, ChildLimits


async def limits_of(tx: Transaction, account_id: UUID) -> ChildLimits | None:
    """Return what a child may do; none where the account is no child of a family."""
    children = await repository.list_children(tx, [account_id])
    return children[0].limits if children else None


async def give_time(tx: Transaction, account_id: UUID, day: date, minutes: int) -> None:
    """Give a child more time for a day, a whole day at most."""
    await repository.add_extra_time(tx, account_id, day, minutes, most=DAY_MINUTES)


async def forget_limits(tx: Transaction, account_id: UUID) -> None:
    """Forget what somebody might do as a child."""
    await repository.delete_limits(tx, account_id)


async def forget_time_before(tx: Transaction, day: date) -> None:
    """Forget the time that was given for days before `day`."""
    await repository.delete_extra_time_before(tx, day)
