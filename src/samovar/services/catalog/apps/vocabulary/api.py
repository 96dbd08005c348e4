"""REST: words and creators."""

from typing import Annotated

from msgspec import Meta

from samovar.kit.clock import Clock
from samovar.kit.errors import InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.answers import AnswerOf
from samovar.kit.routes import Cache, RateLimit, get
from samovar.services.catalog.apps.answering import KEPT_PAGES, IfNoneMatch, answer
from samovar.services.catalog.apps.pages.use_cases import Pages
from samovar.services.catalog.apps.schemas import Named
from samovar.services.catalog.apps.vocabulary.schemas import CreatorPage
from samovar.services.catalog.apps.vocabulary.use_cases import Vocabulary
from samovar.services.catalog.domain import SLUG_LENGTH_MAX
from samovar.services.catalog.errors import CreatorNotFound
from samovar.services.catalog.viewers.audience import AcceptLanguage, Audience, CountryParameter

_KEPT = Cache(ttl_s=60, stale_s=60, tags=("catalog.v1.terms_changed",), query=("limit", "cursor"))
_LIMIT = RateLimit(600)

CreatorName = Annotated[str, Meta(max_length=SLUG_LENGTH_MAX, description="The id or the slug of a creator.")]


@get("/v1/tags", auth="public", rate_limit=_LIMIT, cache=_KEPT, raises=(InvalidInput,))
async def list_tags(
    vocabulary: Vocabulary,
    language: AcceptLanguage = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: str | None = None,
) -> Page[Named]:
    """List the tags that games may have, by name."""
    return await vocabulary.terms("tag", language_of(language), limit=limit, cursor=cursor)


@get("/v1/genres", auth="public", rate_limit=_LIMIT, cache=_KEPT, raises=(InvalidInput,))
async def list_genres(
    vocabulary: Vocabulary,
    language: AcceptLanguage = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: str | None = None,
) -> Page[Named]:
    """List the genres that games may be of, by name."""
    return await vocabulary.terms("genre", language_of(language), limit=limit, cursor=cursor)


@get(
    "/v1/creators/{creator:str}",
    auth="public",
    rate_limit=_LIMIT,
    cache=KEPT_PAGES,
    raises=(CreatorNotFound, InvalidInput),
)
async def show_creator(
    creator: CreatorName,
    caller: Caller | None,
    vocabulary: Vocabulary,
    pages: Pages,
    audience: Audience,
    clock: Clock,
    country: CountryParameter = None,
    language: AcceptLanguage = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: str | None = None,
    if_none_match: IfNoneMatch = None,
) -> AnswerOf[CreatorPage]:
    """Show a developer or publisher with the games and tools of theirs that the reader may see, the latest first."""
    viewer = await audience.of(caller, country=country, language=language)
    known = await vocabulary.creator(creator)
    shown = await pages.credited(known.id, viewer, limit=limit, cursor=cursor)
    page = CreatorPage(
        id=known.id,
        slug=known.slug,
        name=known.name,
        website=known.website,
        followers=known.followers,
        games=shown.value,
    )
    return answer(page, caller, valid_until=shown.valid_until, now=clock.now(), if_none_match=if_none_match)
