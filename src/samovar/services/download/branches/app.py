"""Branches, put together."""

import os

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.download.adapters import Apps
from samovar.services.download.branches import api
from samovar.services.download.branches.use_cases import Branches
from samovar.services.download.contract.events import BranchChanged
from samovar.services.download.plans.planning import Planner
from samovar.services.download.rights import Rights

ROUTES = routes_in(api)
EVENTS = (BranchChanged,)


def build_branches(kit: Kit, *, apps: Apps, rights: Rights, planner: Planner) -> dict[str, object]:
    """Build what the doors of branches ask for by name."""
    return {
        "branches": Branches(
            kit.database, apps=apps, rights=rights, planner=planner, clock=kit.clock, random_bytes=os.urandom
        )
    }
