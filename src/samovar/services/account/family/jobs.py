"""What families do by the clock."""

from samovar.kit.workers import every
from samovar.services.account.family.use_cases import Families, Invites


@every(3_600)
async def tidy_families(families: Families, family_invites: Invites) -> None:
    """Close invites that have run out, dissolve families without an adult, forget places that are free again."""
    await family_invites.tidy()
    await families.tidy()
