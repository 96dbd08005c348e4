"""What is left over, put together."""

from datetime import timedelta

from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.download.settings import DownloadSettings
from samovar.services.download.store import Store
from samovar.services.download.waste import jobs
from samovar.services.download.waste.use_cases import Waste

JOBS = jobs_in(jobs)


def build_waste(kit: Kit, settings: DownloadSettings, *, store: Store) -> dict[str, object]:
    """Build what the jobs ask for by name."""
    waste = Waste(
        kit.database,
        store=store,
        unused_ttl=timedelta(seconds=settings.unused_ttl_s),
        clock=kit.clock,
    )
    return {"waste": waste}
