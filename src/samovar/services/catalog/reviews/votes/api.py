"""REST: votes on reviews."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.routes import RateLimit, delete, post
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.reviews.errors import OwnReview, ReviewNotFound
from samovar.services.catalog.reviews.schemas import VoteState, VoteWish
from samovar.services.catalog.reviews.votes.use_cases import Votes

BODY_BYTES_MAX = 1_024
# Only a program presses these buttons more often.
WRITES = RateLimit(60, per_s=60, by="account")


@post(
    "/v1/reviews/{review_id:uuid}/votes",
    auth="player",
    status=200,
    rate_limit=WRITES,
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, ReviewNotFound, AppNotFound, AgeRestricted, OwnReview),
)
async def vote_on_review(review_id: UUID, data: VoteWish, caller: Caller, review_votes: Votes) -> VoteState:
    """Say what one thinks of a review; said again otherwise, the last word counts."""
    return await review_votes.put(caller, review_id, data.value)


@delete(
    "/v1/reviews/{review_id:uuid}/votes",
    auth="player",
    rate_limit=WRITES,
    raises=(ReviewNotFound, AppNotFound, AgeRestricted, OwnReview),
)
async def take_vote_back(review_id: UUID, caller: Caller, review_votes: Votes) -> None:
    """Take one's vote back, if there is one."""
    await review_votes.put(caller, review_id, None)
