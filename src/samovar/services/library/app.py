"""The declaration of library, and `build`, the only place that builds."""

from collections.abc import Mapping

from samovar.kit.runtime import Kit, Service
from samovar.services.library.achievements import app as achievements
from samovar.services.library.apps import app as apps
from samovar.services.library.collections import app as collections
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.services.library.family import app as family
from samovar.services.library.holdings import HOLDINGS
from samovar.services.library.keys import app as keys
from samovar.services.library.licences import app as licences
from samovar.services.library.play import app as play
from samovar.services.library.presence import app as presence
from samovar.services.library.proofs import app as proofs
from samovar.services.library.saves import app as saves
from samovar.services.library.settings import LibrarySettings
from samovar.services.library.shelf import app as shelf
from samovar.services.library.statistics import app as statistics


async def build(kit: Kit, settings: LibrarySettings) -> Mapping[str, object]:
    """Build what handlers, consumers, jobs and the RPC servicers ask for by name."""
    return {
        **licences.build_licences(kit),
        **play.build_play(kit),
        **presence.build_presence(kit),
        **keys.build_keys(kit, settings),
        **family.build_family(),
        **saves.build_saves(kit, settings),
        **proofs.build_proofs(kit, settings),
        **apps.build_apps(kit),
        **shelf.build_shelf(kit),
        **collections.build_collections(kit),
        **achievements.build_achievements(kit),
        **statistics.build_statistics(kit),
    }


service = Service(
    name="library",
    summary="What a player holds and has done in it: licences, play time, achievements, saves",
    package=__package__,
    settings=LibrarySettings,
    build=build,
    routes=(
        *shelf.ROUTES,
        *collections.ROUTES,
        *play.ROUTES,
        *presence.ROUTES,
        *keys.ROUTES,
        *saves.ROUTES,
        *achievements.ROUTES,
        *statistics.ROUTES,
        *proofs.ROUTES,
    ),
    rpc=(*licences.RPC, *play.RPC),
    consumers=(*licences.CONSUMERS, *play.CONSUMERS, *family.CONSUMERS, *apps.CONSUMERS),
    jobs=(*licences.JOBS, *play.JOBS, *presence.JOBS, *saves.JOBS, *apps.JOBS, *achievements.JOBS),
    publishes=(LicenceGranted, LicenceRevoked, *play.EVENTS, *keys.EVENTS, *achievements.EVENTS),
    permissions={**keys.PERMISSIONS, **achievements.PERMISSIONS, **apps.PERMISSIONS},
    personal_data=HOLDINGS,
)
