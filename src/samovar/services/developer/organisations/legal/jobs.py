"""What legal details do by the clock."""

from samovar.kit.workers import every
from samovar.services.developer.organisations.legal.use_cases import LegalClaims


@every(5)
async def ask_registers(legal_claims: LegalClaims) -> None:
    """Ask the registers of the state about what organisations say that they are."""
    await legal_claims.ask_registers()
