"""Keys of developers, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.download.keys import api
from samovar.services.download.keys.use_cases import BuildKeys
from samovar.services.download.rights import Rights

ROUTES = routes_in(api)


def build_keys(kit: Kit, rights: Rights) -> dict[str, object]:
    """Build what the doors of keys ask for by name."""
    return {"build_keys": BuildKeys(kit.database, rights=rights, clock=kit.clock)}
