"""Listing, put together."""

from importlib import resources
from typing import TypedDict

from samovar.kit.i18n import Catalogue
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.catalog.listing import api
from samovar.services.catalog.listing.items import Items
from samovar.services.catalog.listing.names import FacetNames
from samovar.services.catalog.listing.use_cases import Listing
from samovar.services.catalog.search.engine import SearchEngine
from samovar.services.catalog.viewers.audience import Audience

ROUTES = routes_in(api)


class ListingParts(TypedDict):
    """What `build_listing` builds."""

    items: Items
    listing: Listing


def build_listing(kit: Kit, *, engine: SearchEngine, audience: Audience) -> ListingParts:
    """Build what handlers ask for: `listing`, `items`."""
    items = Items(kit.database, kit.clock)
    catalogue = Catalogue.load([resources.files("samovar.services.catalog") / "locale"])
    return {
        "items": items,
        "listing": Listing(
            kit.database,
            engine=engine,
            audience=audience,
            items=items,
            names=FacetNames(kit.database, catalogue),
        ),
    }
