"""Achievements and stats, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.library.achievements.defining import api as defining
from samovar.services.library.achievements.defining.use_cases import Definitions
from samovar.services.library.achievements.earning import api as earning
from samovar.services.library.achievements.earning import jobs
from samovar.services.library.achievements.earning.use_cases import Achievements, Rarity
from samovar.services.library.achievements.rights import PERMISSIONS, Rights
from samovar.services.library.apps.adapters import CatalogApps
from samovar.services.library.contract.achievement_events import AchievementsDefined, AchievementUnlocked

__all__ = ["EVENTS", "JOBS", "PERMISSIONS", "ROUTES", "build_achievements"]

ROUTES = (*routes_in(defining), *routes_in(earning))
JOBS = jobs_in(jobs)
EVENTS = (AchievementUnlocked, AchievementsDefined)


def build_achievements(kit: Kit) -> dict[str, object]:
    """Build what the doors of achievements ask for by name."""
    rights = Rights(kit.database, catalog=CatalogApps(kit.peers))
    return {
        "definitions": Definitions(kit.database, rights=rights, clock=kit.clock),
        "achievements": Achievements(kit.database, rights=rights, clock=kit.clock),
        "rarity": Rarity(kit.database, clock=kit.clock),
    }
