"""Contents, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.download.files import api
from samovar.services.download.files.tickets import Tickets
from samovar.services.download.files.use_cases import Contents
from samovar.services.download.store import Store

ROUTES = routes_in(api)


def build_files(kit: Kit, *, store: Store, tickets: Tickets) -> dict[str, object]:
    """Build what the doors of contents ask for by name."""
    return {"contents": Contents(kit.database, store=store, tickets=tickets, clock=kit.clock)}
