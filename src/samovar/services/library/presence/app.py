"""Presence, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.library.achievements.rights import Rights
from samovar.services.library.apps.adapters import CatalogApps
from samovar.services.library.presence import api, jobs
from samovar.services.library.presence.adapters import People
from samovar.services.library.presence.phrases import api as phrases
from samovar.services.library.presence.phrases.use_cases import PhraseLists
from samovar.services.library.presence.use_cases import OldPresences, Presences

ROUTES = (*routes_in(api), *routes_in(phrases))
JOBS = jobs_in(jobs)


def build_presence(kit: Kit) -> dict[str, object]:
    """Build what the doors of presence ask for by name."""
    rights = Rights(kit.database, catalog=CatalogApps(kit.peers))
    return {
        "presences": Presences(kit.database, people=People(kit.peers), clock=kit.clock),
        "old_presences": OldPresences(kit.database),
        "phrase_lists": PhraseLists(kit.database, rights=rights, clock=kit.clock),
    }
