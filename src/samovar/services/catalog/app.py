"""The declaration of catalog, and `build`, the only place that builds."""

from collections.abc import Mapping

from samovar.kit.runtime import Kit, Service
from samovar.services.catalog.contract.events import (
    AppChanged,
    BundleChanged,
    PackageChanged,
    PricesChanged,
    SearchChanged,
)
from samovar.services.catalog.holdings import HOLDINGS
from samovar.services.catalog.media import app as media
from samovar.services.catalog.settings import CatalogSettings
from samovar.services.catalog.viewers import app as viewers


async def build(kit: Kit, settings: CatalogSettings) -> Mapping[str, object]:
    """Build what handlers, consumers, jobs and the RPC servicers ask for by name."""
    return {
        "database": kit.database,
        "settings": settings,
        **viewers.build_viewers(kit, settings),
        **media.build_media(kit, settings),
    }


service = Service(
    name="catalog",
    summary="The store: games, prices, tags, search, reviews, wishlists",
    package=__package__,
    settings=CatalogSettings,
    build=build,
    routes=(*media.ROUTES,),
    consumers=(*viewers.CONSUMERS,),
    jobs=(*media.JOBS,),
    permissions={**media.PERMISSIONS},
    publishes=(
        AppChanged,
        BundleChanged,
        PackageChanged,
        PricesChanged,
        SearchChanged,
    ),
    personal_data=HOLDINGS,
)
