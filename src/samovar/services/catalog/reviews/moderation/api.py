"""REST: moderation of reviews."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.routes import RateLimit, get, post
from samovar.services.catalog.reviews.errors import ReviewNotFound
from samovar.services.catalog.reviews.moderation.use_cases import ReviewModeration
from samovar.services.catalog.reviews.schemas import DecisionWish, ModeratedReview

MODERATE = "catalog.review.moderate"
BODY_BYTES_MAX = 8_192
WRITES = RateLimit(120, per_s=60, by="account")


@get("/v1/admin/reviews/{review_id:uuid}", auth="staff", permissions=(MODERATE,), raises=(ReviewNotFound,))
async def show_moderated_review(review_id: UUID, review_moderation: ReviewModeration) -> ModeratedReview:
    """Show a review, also a hidden one, with all that was decided of it."""
    return await review_moderation.show(review_id)


@post(
    "/v1/admin/reviews/{review_id:uuid}/hide",
    auth="staff",
    permissions=(MODERATE,),
    status=200,
    rate_limit=WRITES,
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, ReviewNotFound),
)
async def hide_review(
    review_id: UUID, data: DecisionWish, caller: Caller, review_moderation: ReviewModeration
) -> ModeratedReview:
    """Take a review out of sight: it counts no more, and its author reads why."""
    return await review_moderation.decide(caller, review_id, "hidden", data.reason)


@post(
    "/v1/admin/reviews/{review_id:uuid}/restore",
    auth="staff",
    permissions=(MODERATE,),
    status=200,
    rate_limit=WRITES,
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, ReviewNotFound),
)
async def restore_review(
    review_id: UUID, data: DecisionWish, caller: Caller, review_moderation: ReviewModeration
) -> ModeratedReview:
    """Put a hidden review back."""
    return await review_moderation.decide(caller, review_id, "restored", data.reason)
