"""Recommendations, put together."""

from importlib import resources

from samovar.kit.i18n import Catalogue
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.catalog.listing.items import Items
from samovar.services.catalog.recommendations import api
from samovar.services.catalog.recommendations.use_cases import Recommender
from samovar.services.catalog.search.engine import SearchEngine
from samovar.services.catalog.viewers.audience import Audience

ROUTES = routes_in(api)


def build_recommendations(
    kit: Kit, *, engine: SearchEngine, audience: Audience, items: Items
) -> dict[str, object]:
    """Build what handlers ask for: `recommender`."""
    catalogue = Catalogue.load([resources.files("samovar.services.catalog") / "locale"])
    recommender = Recommender(
        kit.database, engine=engine, audience=audience, items=items, catalogue=catalogue
    )
    return {"recommender": recommender}
