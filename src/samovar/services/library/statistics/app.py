"""Statistics, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.library.statistics import api
from samovar.services.library.statistics.use_cases import Statistics

ROUTES = routes_in(api)


def build_statistics(kit: Kit) -> dict[str, object]:
    """Build what the doors of statistics ask for by name."""
    return {"statistics": Statistics(kit.database, clock=kit.clock)}
