"""What is left over, put together."""

from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.download.store import Store
from samovar.services.download.waste import jobs
from samovar.services.download.waste.use_cases import Waste

JOBS = jobs_in(jobs)


def build_waste(kit: Kit, *, store: Store) -> dict[str, object]:
    """Build what the jobs ask for by name."""
    return {"waste": Waste(kit.database, store=store, clock=kit.clock)}
