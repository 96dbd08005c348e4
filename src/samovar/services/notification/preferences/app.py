"""Preferences, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.notification.preferences import api
from samovar.services.notification.preferences.use_cases import Preferences

ROUTES = routes_in(api)


def build_preferences(kit: Kit) -> dict[str, object]:
    """Build what the routes of preferences ask for by name."""
    return {"preferences": Preferences(kit.database, clock=kit.clock)}
