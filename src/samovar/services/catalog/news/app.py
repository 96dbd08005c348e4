"""News, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.catalog.contract.editing_events import NewsChanged
from samovar.services.catalog.news import api, consumers, jobs
from samovar.services.catalog.news.domain import EDIT
from samovar.services.catalog.news.use_cases import News, NewsDesk
from samovar.services.catalog.rights import Rights

ROUTES = routes_in(api)
CONSUMERS = consumers_in(consumers)
JOBS = jobs_in(jobs)
EVENTS = (NewsChanged,)
PERMISSIONS = {EDIT: ("developer", "moderator", "admin")}


def build_news(kit: Kit) -> dict[str, object]:
    """Build what the doors of news ask for by name."""
    return {
        "news": News(kit.database, clock=kit.clock, new_id=kit.new_id),
        "news_desk": NewsDesk(
            kit.database, rights=Rights(PERMISSIONS, EDIT), clock=kit.clock, new_id=kit.new_id
        ),
    }
