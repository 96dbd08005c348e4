"""The declaration of download, and `build`, the only place that builds."""

from collections.abc import Mapping

from samovar.kit.runtime import Kit, Service
from samovar.services.download.adapters import Apps
from samovar.services.download.apart import Apart
from samovar.services.download.branches import app as branches
from samovar.services.download.builds import app as builds
from samovar.services.download.files import app as files
from samovar.services.download.files.tickets import Tickets
from samovar.services.download.holdings import HOLDINGS
from samovar.services.download.keys import app as keys
from samovar.services.download.plans.deltas import app as deltas
from samovar.services.download.plans.planning import Planner
from samovar.services.download.plans.settling import app as settling
from samovar.services.download.queue import app as queue
from samovar.services.download.rights import PERMISSIONS, Rights
from samovar.services.download.settings import DownloadSettings
from samovar.services.download.signing import Platform
from samovar.services.download.store import Store
from samovar.services.download.waste import app as waste


async def build(kit: Kit, settings: DownloadSettings) -> Mapping[str, object]:
    """Build what handlers and jobs ask for by name."""
    apps, rights, apart = Apps(kit.peers), Rights(), Apart()
    store = Store(settings.builds_store)
    platform = Platform(settings.secret, former=settings.former_secret, release_ttl_s=settings.release_ttl_s)
    tickets = Tickets(platform, ttl_s=settings.ticket_ttl_s)
    planner = Planner(kit.database, store=store, platform=platform, apart=apart, clock=kit.clock)
    return {
        **keys.build_keys(kit, rights),
        **builds.build_builds(kit, settings, apps=apps, rights=rights, store=store, apart=apart),
        **deltas.build_deltas(kit, settings, store=store),
        **settling.build_settling(kit, settings, store=store),
        **waste.build_waste(kit, settings, store=store),
        **branches.build_branches(kit, apps=apps, rights=rights, planner=planner),
        **queue.build_queue(
            kit,
            settings,
            apps=apps,
            rights=rights,
            platform=platform,
            planner=planner,
            tickets=tickets,
        ),
        **files.build_files(kit, store=store, tickets=tickets),
    }


service = Service(
    name="download",
    summary="Delivery of games and content: manifests, chunks, deltas, queue, resume",
    package=__package__,
    settings=DownloadSettings,
    build=build,
    routes=(*keys.ROUTES, *builds.ROUTES, *branches.ROUTES, *queue.ROUTES, *files.ROUTES),
    jobs=(*deltas.JOBS, *settling.JOBS, *waste.JOBS),
    publishes=(*builds.EVENTS, *branches.EVENTS),
    permissions=PERMISSIONS,
    personal_data=HOLDINGS,
)
