"""Viewers, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.runtime import Kit
from samovar.services.catalog.settings import CatalogSettings
from samovar.services.catalog.viewers import consumers
from samovar.services.catalog.viewers.audience import Audience

CONSUMERS = consumers_in(consumers)


def build_viewers(kit: Kit, settings: CatalogSettings) -> dict[str, Audience]:
    """Build what handlers ask for: `audience`."""
    audience = Audience(
        kit.database,
        default_country=settings.default_country,
        unknown_age_level=settings.unknown_age_level,
    )
    return {"audience": audience}
