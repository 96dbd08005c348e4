"""Editing, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit
from samovar.services.catalog.apps.writer import AppWriter
from samovar.services.catalog.contract.editing_events import ChangelogWritten
from samovar.services.catalog.contract.v1_pb2_grpc import add_EditingServicer_to_server
from samovar.services.catalog.editing import api
from samovar.services.catalog.editing.domain import EDIT, MODERATE, PUBLISH
from samovar.services.catalog.editing.publishing import api as publishing_api
from samovar.services.catalog.editing.publishing.rpc import EditingRpc
from samovar.services.catalog.editing.publishing.use_cases import Publication
from samovar.services.catalog.editing.use_cases import Drafts, History
from samovar.services.catalog.rights import Rights

ROUTES = (*routes_in(api), *routes_in(publishing_api))
RPC = (Rpc(add_EditingServicer_to_server, EditingRpc),)
EVENTS = (ChangelogWritten,)
PERMISSIONS = {
    EDIT: ("developer", "moderator", "admin"),
    MODERATE: ("moderator", "admin"),
    PUBLISH: ("moderator", "admin"),
}


def build_editing(kit: Kit) -> dict[str, object]:
    """Build what handlers and servicers ask for: `drafts`, `history`, `publication`."""
    rights = Rights(PERMISSIONS, EDIT)
    writer = AppWriter(clock=kit.clock, new_id=kit.new_id)
    return {
        "drafts": Drafts(kit.database, rights=rights, writer=writer, clock=kit.clock, new_id=kit.new_id),
        "history": History(kit.database, rights=rights, writer=writer, clock=kit.clock, new_id=kit.new_id),
        "publication": Publication(kit.database, writer=writer),
    }
