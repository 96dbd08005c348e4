"""Apps, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit
from samovar.services.catalog.apps.pages import api as pages_api
from samovar.services.catalog.apps.pages import consumers as pages_consumers
from samovar.services.catalog.apps.pages.use_cases import Pages
from samovar.services.catalog.apps.rpc import AppsRpc
from samovar.services.catalog.apps.tags import api as tags_api
from samovar.services.catalog.apps.tags.use_cases import TagModeration, TagVotes
from samovar.services.catalog.apps.vocabulary import api as vocabulary_api
from samovar.services.catalog.apps.vocabulary.owning import api as owning_api
from samovar.services.catalog.apps.vocabulary.owning.use_cases import OwnCreators
from samovar.services.catalog.apps.vocabulary.use_cases import Vocabulary
from samovar.services.catalog.contract.editing_events import CreatorChanged
from samovar.services.catalog.contract.events import TermsChanged
from samovar.services.catalog.contract.v1_pb2_grpc import add_AppsServicer_to_server
from samovar.services.catalog.rights import Rights

ROUTES = (*routes_in(pages_api), *routes_in(tags_api), *routes_in(vocabulary_api), *routes_in(owning_api))
RPC = (Rpc(add_AppsServicer_to_server, AppsRpc),)
CONSUMERS = consumers_in(pages_consumers)
EVENTS = (CreatorChanged, TermsChanged)
PERMISSIONS = {
    tags_api.MODERATE: ("moderator", "admin"),
    owning_api.EDIT: ("developer", "moderator", "admin"),
}


def build_apps(kit: Kit) -> dict[str, object]:
    """Build what handlers and consumers ask for."""
    database, cache, clock = kit.database, kit.cache, kit.clock
    return {
        "pages": Pages(database, cache=cache, clock=clock),
        "tag_votes": TagVotes(database, cache=cache, clock=clock),
        "tag_moderation": TagModeration(database, cache=cache, clock=clock, new_id=kit.new_id),
        "vocabulary": Vocabulary(database),
        "own_creators": OwnCreators(
            database,
            rights=Rights(PERMISSIONS, owning_api.EDIT),
            clock=clock,
            new_id=kit.new_id,
        ),
        "cache": cache,
    }
