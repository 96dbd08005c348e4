"""Keys, put together."""

import os

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.library.contract.key_events import KeyRedeemed
from samovar.services.library.keys import api
from samovar.services.library.keys.adapters import Packages
from samovar.services.library.keys.use_cases import MANAGE, KeyBatches, Redemptions
from samovar.services.library.settings import LibrarySettings

ROUTES = routes_in(api)
EVENTS = (KeyRedeemed,)
PERMISSIONS = {MANAGE: ("developer", "admin")}


def build_keys(kit: Kit, settings: LibrarySettings) -> dict[str, object]:
    """Build what the doors of keys ask for by name."""
    packages = Packages(kit.peers)
    return {
        "key_batches": KeyBatches(
            kit.database,
            packages=packages,
            roles_by_permission=PERMISSIONS,
            secret=settings.key_secret,
            country=settings.default_country,
            clock=kit.clock,
            new_id=kit.new_id,
            random_bytes=os.urandom,
        ),
        "redemptions": Redemptions(
            kit.database,
            packages=packages,
            limits=kit.limits,
            secret=settings.key_secret,
            country=settings.default_country,
            clock=kit.clock,
            new_id=kit.new_id,
        ),
    }
