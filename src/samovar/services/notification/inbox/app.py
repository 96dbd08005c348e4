"""The inbox, put together."""

import time
from importlib import resources

from samovar.kit.events import consumers_in
from samovar.kit.i18n import Catalogue
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.notification.inbox import api, consumers, jobs
from samovar.services.notification.inbox.bell import Bell
from samovar.services.notification.inbox.rendering import Renderer
from samovar.services.notification.inbox.use_cases import Inbox
from samovar.services.notification.settings import NotificationSettings

ROUTES = routes_in(api)
CONSUMERS = consumers_in(consumers)
JOBS = jobs_in(jobs)
_LOCALE = resources.files("samovar.services.notification") / "locale"


def build_inbox(kit: Kit, settings: NotificationSettings) -> dict[str, object]:
    """Build what the doors of the inbox ask for by name."""
    bell = Bell(kit.database, monotonic=time.monotonic, waiting_max=settings.waiting_max)
    inbox = Inbox(
        kit.database,
        renderer=Renderer(Catalogue.load([_LOCALE])),
        bell=bell,
        clock=kit.clock,
        kept_days=settings.kept_days,
    )
    return {"bell": bell, "inbox": inbox}
