"""REST: reviews of games."""

from uuid import UUID

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import Cache, RateLimit, delete, get, patch, post
from samovar.services.catalog.apps.names import Game
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.reviews.domain import ReviewLanguage
from samovar.services.catalog.reviews.errors import (
    AlreadyReviewed,
    LibraryAway,
    NoLicence,
    ReviewHidden,
    ReviewNotFound,
    ReviewTooEarly,
    TooLittlePlayed,
)
from samovar.services.catalog.reviews.schemas import (
    NewReview,
    OwnReview,
    Period,
    ReviewItem,
    ReviewList,
    ReviewPatch,
    Sort,
)
from samovar.services.catalog.reviews.use_cases import OwnReviews, ReadReviews
from samovar.services.catalog.viewers.audience import AcceptLanguage, CountryParameter

BODY_BYTES_MAX = 65_536
# Nobody writes about more games in an hour.
POSTS = RateLimit(20, per_s=3_600, by="account", where="cluster")
CHANGES = RateLimit(30, per_s=600, by="account")


@get(
    "/v1/games/{game:str}/reviews",
    auth="public",
    cache=Cache(
        ttl_s=30,
        stale_s=60,
        tags=("catalog.v1.review_changed",),
        query=("sort", "language", "recommended", "period", "country", "cursor", "limit"),
        anonymous_only=True,
    ),
    raises=(InvalidInput, AppNotFound, AgeRestricted),
)
async def list_reviews(
    game: Game,
    caller: Caller | None,
    read_reviews: ReadReviews,
    sort: Sort = "helpful",
    language: ReviewLanguage | None = None,
    *,
    recommended: bool | None = None,
    period: Period | None = None,
    country: CountryParameter = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
    accept_language: AcceptLanguage = None,
) -> ReviewList:
    """List what players say of a game, and what all of it comes to.

    `language`, `recommended` and `period` choose among the reviews; the summary is of all of them.
    """
    return await read_reviews.list_reviews(
        caller,
        game,
        language=language,
        recommended=recommended,
        sort=sort,
        period=period,
        country=country,
        accept_language=accept_language,
        cursor=cursor,
        limit=limit,
    )


@post(
    "/v1/games/{game:str}/reviews",
    auth="player",
    rate_limit=POSTS,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(
        InvalidInput,
        AppNotFound,
        AgeRestricted,
        ReviewTooEarly,
        NoLicence,
        TooLittlePlayed,
        LibraryAway,
        AlreadyReviewed,
    ),
)
async def post_review(game: Game, data: NewReview, caller: Caller, own_reviews: OwnReviews) -> OwnReview:
    """Say what one thinks of a game that one has, and has played where play time is counted. Once a game; then it is edited."""
    return await own_reviews.post(caller, game, data)


@get(
    "/v1/games/{game:str}/reviews/mine",
    auth="player",
    etag=True,
    raises=(ReviewNotFound,),
)
async def show_my_review(game: Game, caller: Caller, own_reviews: OwnReviews) -> OwnReview:
    """Show what one has written of a game, also when a moderator hid it; the `ETag` is for changing it."""
    return await own_reviews.mine(caller, game)


@get(
    "/v1/reviews/{review_id:uuid}",
    auth="public",
    raises=(InvalidInput, ReviewNotFound, AppNotFound, AgeRestricted),
)
async def show_review(
    review_id: UUID, caller: Caller | None, read_reviews: ReadReviews, country: CountryParameter = None
) -> ReviewItem:
    """Show one review."""
    return await read_reviews.show(caller, review_id, country=country)


@patch(
    "/v1/reviews/{review_id:uuid}",
    auth="player",
    rate_limit=CHANGES,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(InvalidInput, PreconditionFailed, ReviewNotFound, ReviewHidden),
)
async def change_review(
    review_id: UUID, data: ReviewPatch, caller: Caller, own_reviews: OwnReviews, if_match: IfMatch = None
) -> OwnReview:
    """Change one's own review; what is absent stays. `If-Match` takes the tag of one's own review, as writing it showed it."""
    return await own_reviews.change(caller, review_id, data, if_match=if_match)


@delete(
    "/v1/reviews/{review_id:uuid}",
    auth="player",
    rate_limit=CHANGES,
    raises=(ReviewNotFound, ReviewHidden),
)
async def delete_review(review_id: UUID, caller: Caller, own_reviews: OwnReviews) -> None:
    """Take one's own review back, with its votes and the developer's answer."""
    await own_reviews.delete(caller, review_id)
