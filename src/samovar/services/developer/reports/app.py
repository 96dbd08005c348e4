"""Reports, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.developer.reports import api, consumers, jobs
from samovar.services.developer.reports.adapters import Attention, Play, Shelf
from samovar.services.developer.reports.use_cases import Counting, Reports
from samovar.services.developer.rights import Rights

ROUTES = routes_in(api)
JOBS = jobs_in(jobs)
CONSUMERS = consumers_in(consumers)


def build_reports(kit: Kit, rights: Rights) -> dict[str, object]:
    """Build what the doors of reports ask for by name."""
    shelf = Shelf(kit.peers)
    return {
        "reports": Reports(
            kit.database,
            shelf=shelf,
            attention=Attention(kit.peers),
            play=Play(kit.peers),
            rights=rights,
            clock=kit.clock,
        ),
        "counting": Counting(kit.database, shelf=shelf, clock=kit.clock),
    }
