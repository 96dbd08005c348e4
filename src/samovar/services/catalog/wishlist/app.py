"""Wishlists, built from their parts."""

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.catalog.listing.items import Items
from samovar.services.catalog.rights import Rights
from samovar.services.catalog.settings import CatalogSettings
from samovar.services.catalog.viewers.audience import Audience
from samovar.services.catalog.wishlist import api
from samovar.services.catalog.wishlist.following import api as following_api
from samovar.services.catalog.wishlist.following.use_cases import Following
from samovar.services.catalog.wishlist.news import consumers, jobs
from samovar.services.catalog.wishlist.news.use_cases import News
from samovar.services.catalog.wishlist.use_cases import REPORT, IgnoredApps, Wishlists, WishReports

ROUTES = (*routes_in(api), *routes_in(following_api))
CONSUMERS = consumers_in(consumers)
JOBS = jobs_in(jobs)
PERMISSIONS = {REPORT: ("developer", "moderator", "finance", "admin")}


def build_wishlist(kit: Kit, settings: CatalogSettings, audience: Audience) -> dict[str, object]:
    """Build what the doors of wishlists ask for by name."""
    database, clock = kit.database, kit.clock
    items = Items(database, clock)
    return {
        "wishlists": Wishlists(database, audience=audience, items=items, clock=clock),
        "ignored_apps": IgnoredApps(database, audience=audience, items=items, clock=clock),
        "wish_reports": WishReports(database, rights=Rights(PERMISSIONS, REPORT)),
        "following": Following(database, clock=clock),
        "wish_news": News(
            database,
            percent_min=settings.wish_discount_percent_min,
            default_country=settings.default_country,
            unknown_age_level=settings.unknown_age_level,
            clock=clock,
            new_id=kit.new_id,
        ),
    }
