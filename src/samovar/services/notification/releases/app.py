"""Releases, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.notification.releases import consumers, jobs
from samovar.services.notification.releases.use_cases import Releases
from samovar.services.notification.telling.teller import Teller

CONSUMERS = consumers_in(consumers)
JOBS = jobs_in(jobs)


def build_releases(kit: Kit, teller: Teller) -> dict[str, object]:
    """Build what consumers and jobs of releases ask for by name."""
    return {"releases": Releases(kit.database, teller=teller, clock=kit.clock)}
