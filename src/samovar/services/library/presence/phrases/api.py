"""REST: what a game may say that its player does, for developers."""

from uuid import UUID

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, get, put
from samovar.services.library.achievements.errors import AppNotFound, OwnerUnknown
from samovar.services.library.achievements.rights import DEFINE
from samovar.services.library.presence.phrases.use_cases import PhraseLists
from samovar.services.library.presence.schemas import Phrases

# 200 phrases of the greatest length in two languages, in the widest letters.
BODY_BYTES_MAX = 262_144
_PHRASES = "/v1/dev/apps/{app_id:uuid}/phrases"


@get(_PHRASES, auth="player", permissions=(DEFINE,), etag=True, raises=(AppNotFound, OwnerUnknown))
async def get_phrases_of_app(app_id: UUID, caller: Caller, phrase_lists: PhraseLists) -> Phrases:
    """Return all phrases in which a game says what its player does."""
    return await phrase_lists.show(caller, app_id)


@put(
    _PHRASES,
    auth="player",
    permissions=(DEFINE,),
    etag=True,
    rate_limit=RateLimit(60, per_s=60, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, AppNotFound, PreconditionFailed, OwnerUnknown),
)
async def put_phrases_of_app(
    app_id: UUID, data: Phrases, caller: Caller, phrase_lists: PhraseLists, if_match: IfMatch = None
) -> Phrases:
    """Word all phrases in which a game says what its player does. What is left out is shown no more."""
    return await phrase_lists.put(caller, app_id, data, if_match)
