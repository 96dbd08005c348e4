"""Proofs, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.library.proofs import api
from samovar.services.library.proofs.signing import ProofSigner
from samovar.services.library.proofs.use_cases import LicenceProofs
from samovar.services.library.settings import LibrarySettings

ROUTES = routes_in(api)


def build_proofs(kit: Kit, settings: LibrarySettings) -> dict[str, object]:
    """Build what the doors of proofs ask for by name."""
    signer = ProofSigner(
        issuer=kit.platform.origin,
        secret=settings.proof_secret or settings.key_secret,
        secret_before=settings.proof_secret_before,
        names_secret=settings.key_secret,
    )
    return {"licence_proofs": LicenceProofs(kit.database, signer=signer, clock=kit.clock, new_id=kit.new_id)}
