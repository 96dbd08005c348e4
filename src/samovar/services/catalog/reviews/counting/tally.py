"""Keeps the counts: every change of a review goes through here, in its own transaction, as what it was and what it is.

    await tally.apply(tx, [Move(before.standing(), after.standing())], now)

The caller holds the review's row, so that what it was is true; the rows of `review_scores` are held here. So whatever comes at
once, each review is counted once or not at all, and the counts are the sum of the reviews: a test folds them anew.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.contract.reviews_events import ReviewScoreChanged
from samovar.services.catalog.reviews import scores
from samovar.services.catalog.reviews.counting import repository
from samovar.services.catalog.reviews.counting.repository import ScoreRow
from samovar.services.catalog.reviews.domain import Delta, Move, deltas_of
from samovar.services.catalog.reviews.scores import Counts
from samovar.services.catalog.search import marks

OVERDUE_AT_ONCE_MAX = 200
_NOTHING = Delta()


async def apply(tx: Transaction, moves: Iterable[Move], now: datetime) -> None:
    """Count what has changed, tell it, and have search read it again."""
    deltas = deltas_of(moves)
    if not deltas.apps and not deltas.days:
        return
    app_ids = sorted({*deltas.apps, *(app_id for app_id, _, _ in deltas.days)})
    held = await repository.hold_scores(tx, app_ids)
    if deltas.days:
        await repository.add_to_days(tx, deltas.days)
    if deltas.languages:
        await repository.add_to_languages(tx, deltas.languages)
    added = [_add(score, deltas.apps.get(score.app_id, _NOTHING)) for score in held]
    await _write(tx, held, added, now)


async def move_windows(database: Database, now: datetime) -> int:
    """Move the window of 30 days of some apps to today, and return how many that were; fewer than `OVERDUE_AT_ONCE_MAX`: all."""
    async with database.transaction() as tx:
        app_ids = sorted(await repository.list_overdue(tx, now.date(), OVERDUE_AT_ONCE_MAX))
        if app_ids:
            held = await repository.hold_scores(tx, app_ids)
            await _write(tx, held, held, now)
    return len(app_ids)


async def _write(
    tx: Transaction, before: Sequence[ScoreRow], after: Sequence[ScoreRow], now: datetime
) -> None:
    """Write the counts, those of the window summed up anew, and tell what is otherwise than before."""
    today = now.date()
    # Nothing is of tomorrow but what a clock that went back has left.
    found = await repository.sum_recent(
        tx, [score.app_id for score in after], scores.recent_since(today), today
    )
    recent = {row.app_id: Counts(row.positive, row.negative) for row in found}
    written = [_with_recent(score, recent.get(score.app_id, Counts()), now) for score in after]
    await repository.update_scores(
        tx, written, [scores.rating(Counts(score.positive, score.negative)) for score in written]
    )
    old = {score.app_id: score for score in before}
    changed = [score for score in written if _shown(score) != _shown(old[score.app_id])]
    for score in changed:
        await tx.publish(_told(score, now))
    await marks.mark(tx, [score.app_id for score in changed])


def _add(score: ScoreRow, delta: Delta) -> ScoreRow:
    return msgspec.structs.replace(
        score,
        reviews=score.reviews + delta.reviews,
        positive=score.positive + delta.positive,
        negative=score.negative + delta.negative,
    )


def _with_recent(score: ScoreRow, recent: Counts, now: datetime) -> ScoreRow:
    return msgspec.structs.replace(
        score, positive_30d=recent.positive, negative_30d=recent.negative, recent_on=now.date()
    )


def _shown(score: ScoreRow) -> tuple[UUID, int, int, int, int, int]:
    return (
        score.app_id,
        score.reviews,
        score.positive,
        score.negative,
        score.positive_30d,
        score.negative_30d,
    )


def _told(score: ScoreRow, now: datetime) -> ReviewScoreChanged:
    shown = scores.score_of(Counts(score.positive, score.negative))
    return ReviewScoreChanged(
        app_id=score.app_id,
        reviews=score.reviews,
        positive=score.positive,
        negative=score.negative,
        positive_30d=score.positive_30d,
        negative_30d=score.negative_30d,
        percent=shown.percent,
        label=shown.label,
        version=score.version,
        changed_at=now,
    )
