"""What grants need by the clock."""

from samovar.kit.workers import every
from samovar.services.auth.grants.use_cases import TokenEndpoint


@every(600)
async def forget_old_codes(token_endpoint: TokenEndpoint) -> None:
    """Delete authorization codes that ran out long ago."""
    await token_endpoint.forget_old_codes()
