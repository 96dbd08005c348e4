"""Search, put together."""

from typing import TypedDict

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.catalog.search.engine import SearchEngine
from samovar.services.catalog.search.fallback import Fallback
from samovar.services.catalog.search.freshness import consumers, jobs
from samovar.services.catalog.search.freshness.follower import Follower
from samovar.services.catalog.search.freshness.places import Places
from samovar.services.catalog.search.freshness.texts import texts_of
from samovar.services.catalog.search.words import api
from samovar.services.catalog.search.words.use_cases import SearchAliases
from samovar.services.catalog.settings import CatalogSettings

ROUTES = routes_in(api)
PERMISSIONS = {api.EDIT: ("moderator", "admin")}
CONSUMERS = consumers_in(consumers)
JOBS = jobs_in(jobs)


class SearchParts(TypedDict):
    """What `build_search` builds."""

    search_engine: SearchEngine
    follower: Follower
    search_aliases: SearchAliases


def build_search(kit: Kit, settings: CatalogSettings) -> SearchParts:
    """Build what handlers, the consumer and the job ask for: `search_engine`, `follower`, `search_aliases`."""
    engine = SearchEngine(fallback=Fallback(kit.database), clock=kit.clock)
    texts = texts_of(settings.search_elasticsearch_url, settings.search_elasticsearch_index, kit.clock)
    kit.closing.push_async_callback(texts.close)
    follower = Follower(
        kit.database,
        engine,
        database_url=settings.database_url,
        places=Places(settings.search_folder),
        clock=kit.clock,
        texts=texts,
    )
    kit.closing.push_async_callback(follower.close)
    return {"search_engine": engine, "follower": follower, "search_aliases": SearchAliases(kit.database)}
