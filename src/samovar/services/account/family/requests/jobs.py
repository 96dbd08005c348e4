"""What family requests do by the clock."""

from samovar.kit.workers import every
from samovar.services.account.family.requests.use_cases import FamilyRequests


@every(300)
async def tidy_family_requests(family_requests: FamilyRequests) -> None:
    """Close requests that have run out, and forget old ones."""
    await family_requests.tidy()
