"""The SQL of what others have been told of discounts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.catalog.prices.domain import Release, Span
from samovar.services.catalog.prices.repository import DiscountRow, Reader


class Due(DiscountRow, frozen=True, kw_only=True):
    """A discount of whose beginning or end others may not know yet.

    Attributes:
        is_shown: The page of the app is in the store.
    """

    app_id: UUID
    is_shown: bool
    sale_id: UUID | None
    start_told: bool
    early_access_at: datetime | None
    released_at: datetime | None

    @property
    def span(self) -> Span | None:
        """While it really holds; none: it does not."""
        return self.discount.span(Release(early_access_at=self.early_access_at, released_at=self.released_at))


async def lock_due(tx: Transaction, now: datetime, limit: int) -> list[Due]:
    """Return discounts whose beginning or end may have passed untold, for this process alone.

    Nobody is told that one begins on a page that is out of the store; when the page comes back, it begins.
    """
    return await tx.fetch(
        """
        SELECT d.id, d.package_id, p.app_id, a.state = 'published' AS is_shown, d.kind, d.percent, d.starts_at, d.ends_at, d.ended_at, d.sale_id, d.start_told,
               (v.rules ->> 'rest_days_after_release')::int AS rest_days, r.early_access_at, r.released_at
        FROM discounts d JOIN packages p ON p.id = d.package_id JOIN apps a ON a.id = p.app_id
             JOIN discount_rules v ON v.version = d.rules_version LEFT JOIN app_releases r ON r.app_id = p.app_id
        WHERE NOT d.end_told AND d.ended_at IS NULL AND (
            CASE WHEN d.kind = 'launch'
                 THEN (NOT d.start_told AND a.state = 'published' AND least(r.early_access_at, r.released_at) <= $1)
                      OR least(r.early_access_at, r.released_at) + (d.ends_at - d.starts_at) <= $1
                 ELSE (NOT d.start_told AND a.state = 'published' AND d.starts_at <= $1) OR d.ends_at <= $1
            END
        )
        ORDER BY d.starts_at, d.id LIMIT $2
        FOR NO KEY UPDATE OF d SKIP LOCKED
        """,
        now,
        limit,
        into=Due,
    )


async def note_told(tx: Transaction, started: Sequence[UUID], ended: Sequence[UUID]) -> None:
    """Remember of which beginnings and ends others have been told."""
    await tx.execute(
        """
        UPDATE discounts SET start_told = true, end_told = end_told OR id = ANY($2)
        WHERE id = ANY($1) OR id = ANY($2)
        """,
        list(started),
        list(ended),
    )


async def find_next_due(reader: Reader, now: datetime) -> datetime | None:
    """Return the next instant after `now` at which a discount begins or ends; of launch discounts, ends alone."""
    found: datetime | None = await reader.fetch_value(
        """
        SELECT min(due) FROM (
            (SELECT starts_at AS due FROM discounts WHERE NOT start_told AND starts_at > $1 AND kind <> 'launch'
             ORDER BY starts_at LIMIT 1)
            UNION ALL
            (SELECT ends_at FROM discounts WHERE NOT end_told AND ends_at > $1 AND kind <> 'launch'
             ORDER BY ends_at LIMIT 1)
            UNION ALL
            (SELECT min(least(r.early_access_at, r.released_at) + (d.ends_at - d.starts_at))
             FROM discounts d JOIN packages p ON p.id = d.package_id JOIN app_releases r ON r.app_id = p.app_id
             WHERE d.kind = 'launch' AND NOT d.end_told AND d.ended_at IS NULL)
        ) AS boundaries
        """,
        now,
    )
    return found
