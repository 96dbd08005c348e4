"""What account tells of families: who lends to whom."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.contract.family_events import (
    FamilyMemberJoined,
    FamilyMemberLeft,
)
from samovar.services.library.family.use_cases import FamilyMembers


@consumes(FamilyMemberJoined)
async def join_family(event: FamilyMemberJoined, tx: Transaction, family_members: FamilyMembers) -> None:
    """Keep a member."""
    await family_members.put(
        tx, event.family_id, event.account_id, version=event.family_version, is_member=True
    )


@consumes(FamilyMemberLeft)
async def leave_family(event: FamilyMemberLeft, tx: Transaction, family_members: FamilyMembers) -> None:
    """Keep that somebody is a member no longer; what they borrowed ends with the next heartbeat."""
    await family_members.put(
        tx, event.family_id, event.account_id, version=event.family_version, is_member=False
    )
