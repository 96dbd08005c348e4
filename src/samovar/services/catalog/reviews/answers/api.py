"""REST: developers' answers to reviews."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.routes import RateLimit, delete, put
from samovar.services.catalog.reviews.answers.use_cases import Answers
from samovar.services.catalog.reviews.errors import NotYourGame, ReviewNotFound
from samovar.services.catalog.reviews.schemas import Answer, AnswerWish

BODY_BYTES_MAX = 32_768
WRITES = RateLimit(30, per_s=60, by="account")


@put(
    "/v1/reviews/{review_id:uuid}/answer",
    auth="player",
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, ReviewNotFound, NotYourGame),
)
async def answer_review(review_id: UUID, data: AnswerWish, caller: Caller, review_answers: Answers) -> Answer:
    """Answer a review of a game of one's organisation; sent again, the answer is changed."""
    return await review_answers.put(caller, review_id, data.text)


@delete(
    "/v1/reviews/{review_id:uuid}/answer",
    auth="player",
    rate_limit=WRITES,
    raises=(ReviewNotFound, NotYourGame),
)
async def remove_answer(review_id: UUID, caller: Caller, review_answers: Answers) -> None:
    """Take the answer back, if there is one."""
    await review_answers.delete(caller, review_id)
