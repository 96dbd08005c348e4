"""Settling, put together."""

from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.download.apart import Apart
from samovar.services.download.plans.settling import jobs
from samovar.services.download.plans.settling.use_cases import Settling
from samovar.services.download.settings import DownloadSettings
from samovar.services.download.store import Store

JOBS = jobs_in(jobs)


def build_settling(kit: Kit, settings: DownloadSettings, *, store: Store) -> dict[str, object]:
    """Build what the job asks for by name."""
    # Turns of its own: who waits for a plan does not wait for this.
    settling = Settling(
        kit.database,
        store=store,
        place=settings.builds_store,
        apart=Apart(),
        wanted=settings.settle_builds,
        clock=kit.clock,
    )
    return {"settling": settling}
