"""Pictures, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.catalog.media import api, consumers, jobs
from samovar.services.catalog.media.files import Files
from samovar.services.catalog.media.painters import Painters
from samovar.services.catalog.media.store import MediaStore
from samovar.services.catalog.settings import CatalogSettings

ROUTES = routes_in(api)
CONSUMERS = consumers_in(consumers)
JOBS = jobs_in(jobs)
PERMISSIONS = {"catalog.media.upload": ("developer", "moderator", "admin")}


def build_media(kit: Kit, settings: CatalogSettings) -> dict[str, object]:
    """Build what handlers and jobs ask for: `media_store`."""
    store = MediaStore(
        kit.database,
        files=Files(settings.media_store),
        painters=kit.closing.enter_context(Painters()),
        clock=kit.clock,
    )
    return {"media_store": store}
