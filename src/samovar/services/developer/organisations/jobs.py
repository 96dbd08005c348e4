"""What organisations do by the clock."""

from samovar.kit.workers import every
from samovar.services.developer.organisations.use_cases import Organisations


@every(86_400)
async def forget_unfounded_organisations(organisations: Organisations) -> None:
    """Forget organisations that never had an owner."""
    await organisations.forget_unfounded()
