"""Apps, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.catalog.apps.pages import api as pages_api
from samovar.services.catalog.apps.pages import consumers as pages_consumers
from samovar.services.catalog.apps.pages.use_cases import Pages
from samovar.services.catalog.apps.vocabulary import api as vocabulary_api
from samovar.services.catalog.apps.vocabulary.use_cases import Vocabulary

ROUTES = (*routes_in(pages_api), *routes_in(vocabulary_api))
CONSUMERS = consumers_in(pages_consumers)


def build_apps(kit: Kit) -> dict[str, object]:
    """Build what handlers and consumers ask for."""
    return {
        "pages": Pages(kit.database, cache=kit.cache, clock=kit.clock),
        "vocabulary": Vocabulary(kit.database, cache=kit.cache),
        "cache": kit.cache,
        "clock": kit.clock,
    }
