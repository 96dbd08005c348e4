"""REST: what there is to achieve, for developers."""

from uuid import UUID

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, get, put
from samovar.services.library.achievements.defining.use_cases import Definitions
from samovar.services.library.achievements.errors import AppNotFound, OwnerUnknown
from samovar.services.library.achievements.rights import DEFINE
from samovar.services.library.achievements.schemas import Definition, DefinitionShown

# 500 achievements with texts in two languages of the greatest length.
BODY_BYTES_MAX = 2 * 1_048_576
_DEFINITION = "/v1/dev/apps/{app_id:uuid}/achievements"


@get(
    _DEFINITION,
    auth="player",
    permissions=(DEFINE,),
    etag=True,
    raises=(AppNotFound, OwnerUnknown),
)
async def get_achievements_of_app(app_id: UUID, caller: Caller, definitions: Definitions) -> DefinitionShown:
    """Return all achievements and stats of an app, as its developer has defined them."""
    return await definitions.show(caller, app_id)


@put(
    _DEFINITION,
    auth="player",
    permissions=(DEFINE,),
    etag=True,
    rate_limit=RateLimit(60, per_s=60, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, AppNotFound, PreconditionFailed, OwnerUnknown),
)
async def put_achievements_of_app(
    app_id: UUID, data: Definition, caller: Caller, definitions: Definitions, if_match: IfMatch = None
) -> DefinitionShown:
    """Define all achievements and stats of an app at once. What is left out is retired: players keep what they have of it."""
    return await definitions.put(caller, app_id, data, if_match)
