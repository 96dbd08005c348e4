"""The copy of catalog's apps, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.library.apps import consumers, jobs
from samovar.services.library.apps.adapters import CatalogApps
from samovar.services.library.apps.releases import PERMISSIONS, Releases
from samovar.services.library.apps.use_cases import AppCopies

CONSUMERS = consumers_in(consumers)
JOBS = jobs_in(jobs)
__all__ = ["CONSUMERS", "JOBS", "PERMISSIONS", "build_apps"]


def build_apps(kit: Kit) -> dict[str, object]:
    """Build what consumers and jobs of the copy ask for by name, and what tells doors who waits for a release."""
    catalog = CatalogApps(kit.peers)
    return {
        "app_copies": AppCopies(kit.database, catalog=catalog),
        "releases": Releases(kit.database, catalog=catalog),
    }
