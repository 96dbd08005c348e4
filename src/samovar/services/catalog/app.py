"""The declaration of catalog, and `build`, the only place that builds."""

from collections.abc import Mapping

from samovar.kit.runtime import Kit, Service
from samovar.services.catalog.apps import app as apps
from samovar.services.catalog.attention import app as attention
from samovar.services.catalog.contract.events import (
    AppChanged,
    PricesChanged,
    SearchChanged,
    SearchRebuildWanted,
)
from samovar.services.catalog.contract.reviews_events import REVIEW_EVENTS
from samovar.services.catalog.contract.wishlist_events import WISHLIST_EVENTS
from samovar.services.catalog.editing import app as editing
from samovar.services.catalog.holdings import HOLDINGS
from samovar.services.catalog.listing import app as listing
from samovar.services.catalog.media import app as media
from samovar.services.catalog.news import app as news
from samovar.services.catalog.ownership import app as ownership
from samovar.services.catalog.packages import app as packages
from samovar.services.catalog.plain import app as plain
from samovar.services.catalog.prices import app as prices
from samovar.services.catalog.recommendations import app as recommendations
from samovar.services.catalog.reviews import app as reviews
from samovar.services.catalog.search import app as search
from samovar.services.catalog.settings import CatalogSettings
from samovar.services.catalog.viewers import app as viewers
from samovar.services.catalog.wishlist import app as wishlist


async def build(kit: Kit, settings: CatalogSettings) -> Mapping[str, object]:
    """Build what handlers, consumers, jobs and the RPC servicers ask for by name."""
    seen = viewers.build_viewers(kit, settings)
    engine = search.build_search(kit, settings)
    listed = listing.build_listing(kit, engine=engine["search_engine"], audience=seen["audience"])
    return {
        "database": kit.database,
        "clock": kit.clock,
        "settings": settings,
        **seen,
        **media.build_media(kit, settings),
        **apps.build_apps(kit),
        **attention.build_attention(kit, seen["audience"]),
        **packages.build_packages(kit),
        **plain.build_plain(kit),
        **editing.build_editing(kit),
        **news.build_news(kit),
        **prices.build_prices(kit, settings),
        **engine,
        **listed,
        **recommendations.build_recommendations(
            kit, engine=engine["search_engine"], audience=seen["audience"], items=listed["items"]
        ),
        **reviews.build_reviews(kit, settings, seen["audience"]),
        **wishlist.build_wishlist(kit, settings, seen["audience"]),
    }


service = Service(
    name="catalog",
    summary="The store: games, prices, tags, search, reviews, wishlists",
    package=__package__,
    settings=CatalogSettings,
    build=build,
    routes=(
        *apps.ROUTES,
        *attention.ROUTES,
        *editing.ROUTES,
        *listing.ROUTES,
        *recommendations.ROUTES,
        *media.ROUTES,
        *news.ROUTES,
        *packages.ROUTES,
        *plain.ROUTES,
        *prices.ROUTES,
        *reviews.ROUTES,
        *search.ROUTES,
        *wishlist.ROUTES,
    ),
    consumers=(
        *apps.CONSUMERS,
        *viewers.CONSUMERS,
        *news.CONSUMERS,
        *ownership.CONSUMERS,
        *packages.CONSUMERS,
        *reviews.CONSUMERS,
        *wishlist.CONSUMERS,
        *search.CONSUMERS,
        *media.CONSUMERS,
    ),
    jobs=(
        *attention.JOBS,
        *media.JOBS,
        *news.JOBS,
        *prices.JOBS,
        *reviews.JOBS,
        *wishlist.JOBS,
        *search.JOBS,
    ),
    permissions={
        **apps.PERMISSIONS,
        **media.PERMISSIONS,
        **news.PERMISSIONS,
        **packages.PERMISSIONS,
        **editing.PERMISSIONS,
        **prices.PERMISSIONS,
        **reviews.PERMISSIONS,
        **search.PERMISSIONS,
        **wishlist.PERMISSIONS,
    },
    rpc=(
        *apps.RPC,
        *attention.RPC,
        *packages.RPC,
        *editing.RPC,
        *prices.RPC,
    ),
    publishes=(
        AppChanged,
        PricesChanged,
        SearchChanged,
        SearchRebuildWanted,
        *apps.EVENTS,
        *packages.EVENTS,
        *editing.EVENTS,
        *news.EVENTS,
        *prices.EVENTS,
        *REVIEW_EVENTS,
        *WISHLIST_EVENTS,
    ),
    personal_data=HOLDINGS,
)
