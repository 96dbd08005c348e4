"""REST: the public keys of access tokens."""

from samovar.kit.routes import Cache, get
from samovar.services.auth.schemas import PublicKeys
from samovar.services.auth.tokens.signing import Signer


@get("/.well-known/jwks.json", auth="public", cache=Cache(ttl_s=60, stale_s=600))
async def show_public_keys(signer: Signer) -> PublicKeys:
    """Show the public keys of access tokens (RFC 7517), the next one included."""
    return signer.public_keys
