"""The shelf, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.library.shelf import api
from samovar.services.library.shelf.use_cases import Shelf

ROUTES = routes_in(api)


def build_shelf(kit: Kit) -> dict[str, object]:
    """Build what the doors of the shelf ask for by name."""
    return {"shelf": Shelf(kit.database, clock=kit.clock)}
