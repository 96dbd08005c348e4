"""Collections, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.library.collections import api
from samovar.services.library.collections.use_cases import Collections

ROUTES = routes_in(api)


def build_collections(kit: Kit) -> dict[str, object]:
    """Build what the doors of collections ask for by name."""
    return {"collections": Collections(kit.database, clock=kit.clock, new_id=kit.new_id)}
