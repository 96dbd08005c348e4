"""The declaration of developer, and `build`, the only place that builds."""

from collections.abc import Mapping

from samovar.kit.runtime import Kit, Service
from samovar.services.developer.holdings import HOLDINGS
from samovar.services.developer.organisations import app as organisations
from samovar.services.developer.organisations.legal.registers.web import Web
from samovar.services.developer.publishers import app as publishers
from samovar.services.developer.reports import app as reports
from samovar.services.developer.rights import PERMISSIONS, Rights
from samovar.services.developer.settings import DeveloperSettings
from samovar.services.developer.submissions import app as submissions


async def build(kit: Kit, settings: DeveloperSettings) -> Mapping[str, object]:
    """Build what handlers and jobs ask for by name."""
    rights = Rights()
    web = Web()
    kit.closing.push_async_callback(web.close)
    return {
        **organisations.build_organisations(kit, settings, rights=rights, web=web),
        **submissions.build_submissions(kit, rights),
        **reports.build_reports(kit, rights),
        **publishers.build_publishers(kit, settings, rights),
    }


service = Service(
    name="developer",
    summary="Workflows of developers and publishers: organisations, drafts, releases, uploads",
    package=__package__,
    settings=DeveloperSettings,
    build=build,
    routes=(*organisations.ROUTES, *submissions.ROUTES, *reports.ROUTES, *publishers.ROUTES),
    jobs=(*organisations.JOBS, *submissions.JOBS, *reports.JOBS, *publishers.JOBS),
    consumers=reports.CONSUMERS,
    publishes=(*organisations.EVENTS, *submissions.EVENTS),
    permissions=PERMISSIONS,
    personal_data=HOLDINGS,
)
