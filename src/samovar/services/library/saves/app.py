"""Saves, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.library.saves import api, jobs
from samovar.services.library.saves.files import SaveStore
from samovar.services.library.saves.use_cases import Saves, SaveWaste
from samovar.services.library.settings import LibrarySettings

ROUTES = routes_in(api)
JOBS = jobs_in(jobs)


def build_saves(kit: Kit, settings: LibrarySettings) -> dict[str, object]:
    """Build what the doors of saves ask for by name."""
    store = SaveStore(settings.saves_store)
    return {
        "saves": Saves(kit.database, store=store, clock=kit.clock, new_id=kit.new_id),
        "save_waste": SaveWaste(kit.database, store=store, clock=kit.clock),
    }
