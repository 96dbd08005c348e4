"""Deltas, put together."""

from datetime import timedelta

from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.download.apart import Apart
from samovar.services.download.plans.deltas import jobs
from samovar.services.download.plans.deltas.use_cases import Deltas
from samovar.services.download.settings import DownloadSettings
from samovar.services.download.store import Store

JOBS = jobs_in(jobs)


def build_deltas(kit: Kit, settings: DownloadSettings, *, store: Store) -> dict[str, object]:
    """Build what the jobs of deltas ask for by name."""
    # Turns of its own: who waits for a plan does not wait for deltas.
    deltas = Deltas(
        kit.database,
        store=store,
        place=settings.builds_store,
        apart=Apart(),
        recent=settings.delta_builds,
        bytes_max=settings.delta_bytes_max,
        unused_ttl=timedelta(seconds=settings.unused_ttl_s),
        clock=kit.clock,
    )
    return {"deltas": deltas}
