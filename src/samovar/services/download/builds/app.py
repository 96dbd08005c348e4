"""Builds, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.download.adapters import Apps
from samovar.services.download.apart import Apart
from samovar.services.download.builds import api
from samovar.services.download.builds.use_cases import Builds, Uploads
from samovar.services.download.contract.events import BuildPublished
from samovar.services.download.rights import Rights
from samovar.services.download.settings import DownloadSettings
from samovar.services.download.store import Store

ROUTES = routes_in(api)
EVENTS = (BuildPublished,)


def build_builds(
    kit: Kit, settings: DownloadSettings, *, apps: Apps, rights: Rights, store: Store, apart: Apart
) -> dict[str, object]:
    """Build what the doors of builds ask for by name."""
    return {
        "builds": Builds(kit.database, apps=apps, rights=rights),
        "uploads": Uploads(
            kit.database,
            apps=apps,
            rights=rights,
            store=store,
            apart=apart,
            settings=settings,
            clock=kit.clock,
            new_id=kit.new_id,
        ),
    }
