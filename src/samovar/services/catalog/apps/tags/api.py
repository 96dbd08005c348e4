"""REST: tags of apps."""

from uuid import UUID

import msgspec

from samovar.kit.errors import InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.identity import Caller
from samovar.kit.routes import RateLimit, delete, get, put
from samovar.services.catalog.apps.names import Game
from samovar.services.catalog.apps.tags.errors import TagBanned, TagNotFound, TooManyTagVotes
from samovar.services.catalog.apps.tags.schemas import TagDecision, TagSeen, TagTied
from samovar.services.catalog.apps.tags.use_cases import TagModeration, TagVotes
from samovar.services.catalog.domain import Slug
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.viewers.audience import AcceptLanguage, Audience, CountryParameter

MODERATE = "catalog.tag.moderate"
BODY_BYTES_MAX = 8_192
_VOTE_LIMIT = RateLimit(60, by="account", where="cluster")
_SEEN = (AppNotFound, AgeRestricted, InvalidInput)


class Tags(msgspec.Struct, frozen=True):
    """The tags of an app, the weightiest first."""

    items: list[TagSeen]


class TiedTags(msgspec.Struct, frozen=True):
    """All that ties tags to an app, the weightiest first."""

    items: list[TagTied]


@get("/v1/games/{game:str}/tags", auth="public", rate_limit=RateLimit(600), raises=_SEEN)
async def list_game_tags(
    game: Game,
    caller: Caller | None,
    tag_votes: TagVotes,
    audience: Audience,
    country: CountryParameter = None,
    language: AcceptLanguage = None,
) -> Tags:
    """List the tags of a game and how many players have given each, with the reader's own."""
    return Tags(await tag_votes.shown(game, await audience.of(caller, country=country, language=language)))


@put(
    "/v1/games/{game:str}/tags/{tag:str}",
    auth="player",
    status=204,
    rate_limit=_VOTE_LIMIT,
    raises=(*_SEEN, TagNotFound, TagBanned, TooManyTagVotes),
)
async def give_tag(game: Game, tag: Slug, caller: Caller, tag_votes: TagVotes, audience: Audience) -> None:
    """Give a game a tag; a player has ten for each game."""
    await tag_votes.give(game, tag, caller, await audience.of(caller))


@delete(
    "/v1/games/{game:str}/tags/{tag:str}",
    auth="player",
    rate_limit=_VOTE_LIMIT,
    raises=(*_SEEN, TagNotFound),
)
async def take_tag_back(
    game: Game, tag: Slug, caller: Caller, tag_votes: TagVotes, audience: Audience
) -> None:
    """Take a tag back that one has given."""
    await tag_votes.take_back(game, tag, caller, await audience.of(caller))


@get("/v1/admin/catalog/apps/{app_id:uuid}/tags", auth="staff", permissions=(MODERATE,))
async def list_tied_tags(
    app_id: UUID, tag_moderation: TagModeration, language: AcceptLanguage = None
) -> TiedTags:
    """List what ties tags to an app: its developer, players, moderators."""
    return TiedTags(await tag_moderation.tied(app_id, language_of(language)))


@put(
    "/v1/admin/catalog/apps/{app_id:uuid}/tags/{tag:str}",
    auth="staff",
    permissions=(MODERATE,),
    status=204,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(AppNotFound, TagNotFound, InvalidInput),
)
async def moderate_tag(
    app_id: UUID, tag: Slug, data: TagDecision, caller: Caller, tag_moderation: TagModeration
) -> None:
    """Add to the weight of a tag, take away from it, or ban it from an app."""
    await tag_moderation.decide(app_id, tag, data, caller)
