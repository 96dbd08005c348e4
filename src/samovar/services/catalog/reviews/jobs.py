"""What reviews do by the clock."""

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.workers import every
from samovar.services.catalog.reviews.counting import tally

BATCHES_MAX = 500


@every(60)
async def move_review_windows(database: Database, clock: Clock) -> None:
    """Move the window of 30 days after each midnight (UTC), and have search read again where the score is another one."""
    for _ in range(BATCHES_MAX):
        if await tally.move_windows(database, clock.now()) < tally.OVERDUE_AT_ONCE_MAX:
            return
