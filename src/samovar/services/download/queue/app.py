"""The queue, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.download.adapters import Apps, Licences
from samovar.services.download.branches.choosing import Chooser
from samovar.services.download.files.tickets import Tickets
from samovar.services.download.plans.planning import Planner
from samovar.services.download.queue import api
from samovar.services.download.queue.use_cases import Queue
from samovar.services.download.rights import Rights
from samovar.services.download.settings import DownloadSettings
from samovar.services.download.signing import Platform

ROUTES = routes_in(api)


def build_queue(
    kit: Kit,
    settings: DownloadSettings,
    *,
    apps: Apps,
    rights: Rights,
    platform: Platform,
    planner: Planner,
    tickets: Tickets,
) -> dict[str, object]:
    """Build what the doors of the queue ask for by name."""
    return {
        "queue": Queue(
            kit.database,
            apps=apps,
            licences=Licences(kit.peers),
            rights=rights,
            chooser=Chooser(kit.database, kit.limits),
            planner=planner,
            platform=platform,
            tickets=tickets,
            mirrors=settings.mirrors,
            clock=kit.clock,
            new_id=kit.new_id,
        )
    }
