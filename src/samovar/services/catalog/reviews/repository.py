"""The SQL of reviews: what is written and read of them. That of counts is in `counting/repository.py`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.reviews.domain import Decided, ListedReview, Review, Vote

Reader = Database | Transaction

_COLUMNS = """
    r.id, r.app_id, r.account_id, r.recommended, r.text, r.language, r.play_minutes, r.acquired_as, r.refunded_at, r.hidden_at,
    r.helpful, r.unhelpful, r.funny, r.helpfulness, r.version, r.created_at, r.edited_at
"""
_ANSWER = "a.text AS answer_text, a.answered_at, a.edited_at AS answer_edited_at"


class Touched(Review, frozen=True, kw_only=True):
    """A review, and what somebody thinks of it."""

    vote: Vote | None


class HelpfulKey(msgspec.Struct, frozen=True):
    """Where a page of the most helpful ends."""

    helpfulness: int
    id: UUID


class NewestKey(msgspec.Struct, frozen=True):
    """Where a page of the newest ends."""

    created_at: datetime
    id: UUID


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which reviews of an app are listed; none: all."""

    app_id: UUID
    language: str | None = None
    recommended: bool | None = None
    since: datetime | None = None


class DecisionRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a moderator decided."""

    id: UUID
    actor_id: UUID | None
    decision: Decided
    reason: str
    decided_at: datetime


async def insert_review(tx: Transaction, review: Review) -> bool:
    """Write a review; false when the account has one of this app."""
    return bool(
        await tx.execute(
            """
            INSERT INTO reviews (
                id, app_id, account_id, recommended, text, language, play_minutes, acquired_as, refunded_at, helpfulness, version,
                created_at
            ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (app_id, account_id) DO NOTHING
            """,
            review.id,
            review.app_id,
            review.account_id,
            review.recommended,
            review.text,
            review.language,
            review.play_minutes,
            review.acquired_as,
            review.refunded_at,
            review.helpfulness,
            review.version,
            review.created_at,
        )
    )


async def lock_review(tx: Transaction, review_id: UUID) -> Review | None:
    """Return a review and keep others from changing it."""
    return await tx.fetch_one(
        f"SELECT {_COLUMNS} FROM reviews r WHERE r.id = $1 FOR UPDATE",  # noqa: S608  constants
        review_id,
        into=Review,
    )


async def lock_reviews_of(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID]) -> list[Review]:
    """Return what an account has written of these apps, and keep others from changing it."""
    return await tx.fetch(
        f"""
        SELECT {_COLUMNS} FROM reviews r WHERE r.account_id = $1 AND r.app_id = ANY($2::uuid[]) ORDER BY r.id FOR UPDATE
        """,  # noqa: S608  constants
        account_id,
        list(app_ids),
        into=Review,
    )


async def lock_reviews_touched(tx: Transaction, account_id: UUID) -> list[Touched]:
    """Return all that an account has written or voted on, with its vote, and keep others from changing it."""
    return await tx.fetch(
        f"""
        SELECT {_COLUMNS}, (
            SELECT v.value FROM review_votes v WHERE v.review_id = r.id AND v.account_id = $1
        ) AS vote
        FROM reviews r
        WHERE r.account_id = $1 OR r.id IN (SELECT review_id FROM review_votes WHERE account_id = $1)
        ORDER BY r.id FOR UPDATE
        """,  # noqa: S608  constants
        account_id,
        into=Touched,
    )


async def delete_votes_of(tx: Transaction, account_id: UUID) -> None:
    """Delete all that an account has voted."""
    await tx.execute("DELETE FROM review_votes WHERE account_id = $1", account_id)


async def find_own(database: Reader, account_id: UUID, app_id: UUID) -> ListedReview | None:
    """Return what an account has written of an app, also when it is hidden."""
    return await database.fetch_one(
        f"""
        SELECT {_COLUMNS}, {_ANSWER} FROM reviews r LEFT JOIN review_answers a ON a.review_id = r.id
        WHERE r.app_id = $2 AND r.account_id = $1
        """,  # noqa: S608  constants
        account_id,
        app_id,
        into=ListedReview,
    )


async def find_review(database: Reader, review_id: UUID) -> ListedReview | None:
    """Return a review, also when it is hidden."""
    return await database.fetch_one(
        f"""
        SELECT {_COLUMNS}, {_ANSWER} FROM reviews r LEFT JOIN review_answers a ON a.review_id = r.id WHERE r.id = $1
        """,  # noqa: S608  constants
        review_id,
        into=ListedReview,
    )


async def update_reviews(tx: Transaction, reviews: Sequence[Review]) -> None:
    """Write what authors, moderators or library have changed."""
    await tx.execute(
        """
        UPDATE reviews r
        SET recommended = one.recommended, text = one.text, language = one.language, acquired_as = one.acquired_as,
            refunded_at = one.refunded_at, hidden_at = one.hidden_at, version = one.version, edited_at = one.edited_at
        FROM unnest(
            $1::uuid[], $2::boolean[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::bigint[],
            $9::timestamptz[]
        ) AS one (id, recommended, text, language, acquired_as, refunded_at, hidden_at, version, edited_at)
        WHERE r.id = one.id
        """,
        [review.id for review in reviews],
        [review.recommended for review in reviews],
        [review.text for review in reviews],
        [review.language for review in reviews],
        [review.acquired_as for review in reviews],
        [review.refunded_at for review in reviews],
        [review.hidden_at for review in reviews],
        [review.version for review in reviews],
        [review.edited_at for review in reviews],
    )


async def update_votes(tx: Transaction, reviews: Sequence[Review]) -> None:
    """Write the counts of votes."""
    await tx.execute(
        """
        UPDATE reviews r
        SET helpful = one.helpful, unhelpful = one.unhelpful, funny = one.funny, helpfulness = one.helpfulness
        FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[]) AS one (id, helpful, unhelpful, funny, helpfulness)
        WHERE r.id = one.id
        """,
        [review.id for review in reviews],
        [review.helpful for review in reviews],
        [review.unhelpful for review in reviews],
        [review.funny for review in reviews],
        [review.helpfulness for review in reviews],
    )


async def delete_reviews(tx: Transaction, review_ids: Sequence[UUID]) -> None:
    """Delete reviews with their votes and answers."""
    await tx.execute("DELETE FROM reviews WHERE id = ANY($1::uuid[])", list(review_ids))


async def list_helpful(
    database: Database, wanted: Wanted, after: HelpfulKey | None, limit: int
) -> list[ListedReview]:
    """Return reviews that anybody may read, the most helpful first."""
    return await _list(database, wanted, "helpfulness", after.helpfulness if after else None, after, limit)


async def list_newest(
    database: Database, wanted: Wanted, after: NewestKey | None, limit: int
) -> list[ListedReview]:
    """Return reviews that anybody may read, the newest first."""
    return await _list(database, wanted, "created_at", after.created_at if after else None, after, limit)


async def _list(
    database: Database,
    wanted: Wanted,
    column: str,
    value: Any,
    after: HelpfulKey | NewestKey | None,
    limit: int,
) -> list[ListedReview]:
    kind = "integer" if column == "helpfulness" else "timestamptz"
    return await database.fetch(
        f"""
        SELECT {_COLUMNS}, {_ANSWER} FROM reviews r LEFT JOIN review_answers a ON a.review_id = r.id
        WHERE r.app_id = $1 AND r.hidden_at IS NULL
          AND ($2::text IS NULL OR r.language = $2)
          AND ($3::boolean IS NULL OR r.recommended = $3)
          AND ($4::timestamptz IS NULL OR r.created_at >= $4)
          AND ($5::{kind} IS NULL OR (r.{column}, r.id) < ($5, $6::uuid))
        ORDER BY r.{column} DESC, r.id DESC LIMIT $7
        """,  # noqa: S608  constants
        wanted.app_id,
        wanted.language,
        wanted.recommended,
        wanted.since,
        value,
        after.id if after else None,
        limit,
        into=ListedReview,
    )


async def insert_decision(tx: Transaction, review_id: UUID, decision: DecisionRow) -> None:
    """Note what a moderator decided."""
    await tx.execute(
        """
        INSERT INTO review_decisions (id, review_id, actor_id, decision, reason, decided_at) VALUES ($1, $2, $3, $4, $5, $6)
        """,
        decision.id,
        review_id,
        decision.actor_id,
        decision.decision,
        decision.reason,
        decision.decided_at,
    )


async def list_decisions(database: Reader, review_id: UUID, limit: int) -> list[DecisionRow]:
    """Return what moderators decided of a review, the latest first."""
    return await database.fetch(
        """
        SELECT id, actor_id, decision, reason, decided_at FROM review_decisions WHERE review_id = $1
        ORDER BY decided_at DESC, id DESC LIMIT $2
        """,
        review_id,
        limit,
        into=DecisionRow,
    )
