"""REST: organisations make the creators that their pages credit, and name them. To whoever may not, a creator is not theirs to find."""

from uuid import UUID

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, get, patch, post
from samovar.services.catalog.apps.vocabulary.owning.errors import CreatorSlugTaken, TooManyCreators
from samovar.services.catalog.apps.vocabulary.owning.schemas import CreatorPatch, NewCreator, OwnCreator
from samovar.services.catalog.apps.vocabulary.owning.use_cases import OwnCreators
from samovar.services.catalog.errors import CreatorNotFound

EDIT = "catalog.creator.edit"
BODY_BYTES_MAX = 8_192
_MAKING = RateLimit(30, per_s=3_600, by="account")
_WRITING = RateLimit(60, by="account")


@get("/v1/dev/creators", auth="player", permissions=(EDIT,), raises=(InvalidInput,))
async def list_own_creators(
    organisation_id: UUID,
    caller: Caller,
    own_creators: OwnCreators,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[OwnCreator]:
    """List the creators of an organisation, the newest first; of one that is not one's own there are none."""
    return await own_creators.list_of(caller, organisation_id, cursor, limit)


@post(
    "/v1/dev/creators",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_MAKING,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(CreatorNotFound, InvalidInput, CreatorSlugTaken, TooManyCreators),
)
async def make_creator(data: NewCreator, caller: Caller, own_creators: OwnCreators) -> OwnCreator:
    """Make a developer or publisher of an organisation, for its pages to credit. The slug never changes."""
    return await own_creators.make(caller, data)


@patch(
    "/v1/dev/creators/{creator_id:uuid}",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_WRITING,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(CreatorNotFound, InvalidInput, PreconditionFailed),
)
async def change_creator(
    creator_id: UUID,
    data: CreatorPatch,
    caller: Caller,
    own_creators: OwnCreators,
    if_match: IfMatch = None,
) -> OwnCreator:
    """Change the name or the website of a creator; pages that name it follow at once."""
    return await own_creators.change(caller, creator_id, data, if_match)
