"""REST: developers write posts, players read them."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.answers import AnswerOf
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import Cache, RateLimit, delete, get, patch, post
from samovar.services.catalog.apps.answering import KEPT_PAGES, IfNoneMatch, answer
from samovar.services.catalog.apps.names import Game
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.news.domain import EDIT
from samovar.services.catalog.news.errors import PostInState, PostNotFound, TooManyPosts
from samovar.services.catalog.news.schemas import NewPost, Post, PostChange, PublishOrder, ShownPost
from samovar.services.catalog.news.use_cases import News, NewsDesk
from samovar.services.catalog.viewers.audience import AcceptLanguage, Audience, CountryParameter

BODY_BYTES_MAX = 262_144
_READING = RateLimit(600, by="account")
_WRITING = RateLimit(120, by="account")
_PUBLIC = RateLimit(1_200)
_KEPT = Cache(
    ttl_s=KEPT_PAGES.ttl_s,
    tags=KEPT_PAGES.tags,
    query=(*KEPT_PAGES.query, "build_id"),
    anonymous_only=True,
)
_POSTS = "/v1/dev/apps/{app_id:uuid}/news"
_POST = _POSTS + "/{post_id:uuid}"


@post(
    _POSTS,
    auth="player",
    permissions=(EDIT,),
    rate_limit=_WRITING,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(AppNotFound, TooManyPosts, InvalidInput),
)
async def write_post(app_id: UUID, data: NewPost, caller: Caller, news_desk: NewsDesk) -> Post:
    """Write a post about an app, in Russian, English or both; nobody else sees it until it is published."""
    return await news_desk.write(caller, app_id, data)


@get(_POSTS, auth="player", permissions=(EDIT,), rate_limit=_READING, raises=(AppNotFound, InvalidInput))
async def list_posts(
    app_id: UUID,
    caller: Caller,
    news_desk: NewsDesk,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[Post]:
    """List all posts about an app, in whatever state, the newest first."""
    return await news_desk.page(caller, app_id, cursor=cursor, limit=limit)


@get(
    _POST,
    auth="player",
    permissions=(EDIT,),
    rate_limit=_READING,
    etag=True,
    raises=(AppNotFound, PostNotFound),
)
async def show_post(app_id: UUID, post_id: UUID, caller: Caller, news_desk: NewsDesk) -> Post:
    """Show a post as it is written."""
    return await news_desk.find(caller, app_id, post_id)


@patch(
    _POST,
    auth="player",
    permissions=(EDIT,),
    rate_limit=_WRITING,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(AppNotFound, PostNotFound, PreconditionFailed, InvalidInput),
)
async def change_post(
    app_id: UUID,
    post_id: UUID,
    data: PostChange,
    caller: Caller,
    news_desk: NewsDesk,
    if_match: IfMatch = None,
) -> Post:
    """Change a post; players see at once what is published, and that it was edited."""
    return await news_desk.change(caller, app_id, post_id, data, if_match=if_match)


@post(
    _POST + "/publish",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_WRITING,
    status=200,
    etag=True,
    raises=(AppNotFound, PostInState, PostNotFound, InvalidInput),
)
async def publish_post(
    app_id: UUID, post_id: UUID, data: PublishOrder, caller: Caller, news_desk: NewsDesk
) -> Post:
    """Show a post to players: now, to the second at a moment, or when a branch gives its build to everybody."""
    return await news_desk.publish(caller, app_id, post_id, data)


@post(
    _POST + "/withdraw",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_WRITING,
    status=200,
    etag=True,
    raises=(AppNotFound, PostInState, PostNotFound),
)
async def withdraw_post(app_id: UUID, post_id: UUID, caller: Caller, news_desk: NewsDesk) -> Post:
    """Take a post off; one that waits for its moment becomes a draft again."""
    return await news_desk.withdraw(caller, app_id, post_id)


@delete(
    _POST,
    auth="player",
    permissions=(EDIT,),
    rate_limit=_WRITING,
    raises=(AppNotFound, PostInState, PostNotFound),
)
async def delete_post(app_id: UUID, post_id: UUID, caller: Caller, news_desk: NewsDesk) -> None:
    """Delete a post that nobody sees."""
    await news_desk.delete(caller, app_id, post_id)


@get(
    "/v1/games/{game:str}/news",
    auth="public",
    rate_limit=_PUBLIC,
    cache=_KEPT,
    raises=(AppNotFound, AgeRestricted, InvalidInput),
)
async def list_news(
    game: Game,
    caller: Caller | None,
    news: News,
    audience: Audience,
    clock: Clock,
    build_id: UUID | None = None,
    country: CountryParameter = None,
    language: AcceptLanguage = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: str | None = None,
    if_none_match: IfNoneMatch = None,
) -> AnswerOf[Page[ShownPost]]:
    """List what the developers tell of a game, the latest first; with `build_id` what they tell of that build."""
    viewer = await audience.of(caller, country=country, language=language)
    shown = await news.page(game, viewer, build_id=build_id, cursor=cursor, limit=limit)
    return answer(shown, caller, now=clock.now(), if_none_match=if_none_match)


@get(
    "/v1/games/{game:str}/news/{post_id:uuid}",
    auth="public",
    rate_limit=_PUBLIC,
    cache=_KEPT,
    raises=(AppNotFound, PostNotFound, AgeRestricted, InvalidInput),
)
async def show_news(
    game: Game,
    post_id: UUID,
    caller: Caller | None,
    news: News,
    audience: Audience,
    clock: Clock,
    country: CountryParameter = None,
    language: AcceptLanguage = None,
    if_none_match: IfNoneMatch = None,
) -> AnswerOf[ShownPost]:
    """Show a post, in the reader's language where it is written in that."""
    viewer = await audience.of(caller, country=country, language=language)
    shown = await news.find(game, viewer, post_id)
    return answer(shown, caller, now=clock.now(), if_none_match=if_none_match)
