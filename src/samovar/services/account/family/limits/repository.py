"""The SQL of what children may do."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.account.family.limits.domain import (
    AgeMark,
    Chat,
    ChildLimits,
    LimitedChild,
    PlayHours,
    Purchases,
)

Reader = Database | Transaction


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    account_id: UUID
    family_id: UUID
    age_max: AgeMark | None
    minutes_by_weekday: tuple[int, int, int, int, int, int, int] | None
    opens_minute: int | None
    closes_minute: int | None
    time_zone: str | None
    may_open_store: bool | None
    chat: Chat | None
    purchases: Purchases | None

    def limits(self) -> ChildLimits:
        if self.time_zone is None or self.chat is None or self.purchases is None:
            return ChildLimits()
        hours = None
        if self.opens_minute is not None and self.closes_minute is not None:
            hours = PlayHours(self.opens_minute, self.closes_minute)
        return ChildLimits(
            age_max=self.age_max,
            minutes_by_weekday=self.minutes_by_weekday,
            hours=hours,
            time_zone=self.time_zone,
            may_open_store=bool(self.may_open_store),
            chat=self.chat,
            purchases=self.purchases,
        )


class _Extra(msgspec.Struct, frozen=True):
    account_id: UUID
    day: date
    minutes: int


async def list_children(reader: Reader, account_ids: Sequence[UUID]) -> list[LimitedChild]:
    """Return those of the accounts that are children of a family, with their limits."""
    rows = await reader.fetch(
        """
        SELECT m.account_id, m.family_id, l.age_max, l.minutes_by_weekday, l.opens_minute, l.closes_minute, l.time_zone,
               l.may_open_store, l.chat, l.purchases
        FROM family_members m LEFT JOIN child_limits l ON l.account_id = m.account_id
        WHERE m.account_id = ANY($1) AND m.role = 'child'
        """,
        list(account_ids),
        into=_Row,
    )
    return [LimitedChild(row.account_id, row.family_id, row.limits()) for row in rows]


async def save_limits(
    tx: Transaction, account_id: UUID, limits: ChildLimits, *, changed_by: UUID, now: datetime
) -> None:
    """Keep what a child may do."""
    hours = limits.hours
    await tx.execute(
        """
        INSERT INTO child_limits (account_id, age_max, minutes_by_weekday, opens_minute, closes_minute, time_zone,
                                  may_open_store, chat, purchases, changed_by, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (account_id) DO UPDATE SET
            age_max = excluded.age_max, minutes_by_weekday = excluded.minutes_by_weekday,
            opens_minute = excluded.opens_minute, closes_minute = excluded.closes_minute, time_zone = excluded.time_zone,
            may_open_store = excluded.may_open_store, chat = excluded.chat, purchases = excluded.purchases,
            changed_by = excluded.changed_by, changed_at = excluded.changed_at
        """,
        account_id,
        limits.age_max,
        limits.minutes_by_weekday,
        hours and hours.opens_minute,
        hours and hours.closes_minute,
        limits.time_zone,
        limits.may_open_store,
        limits.chat,
        limits.purchases,
        changed_by,
        now,
    )


async def delete_limits(tx: Transaction, account_id: UUID) -> None:
    """Forget what a child may do, and what time it was given."""
    await tx.execute(
        """
        WITH extra AS (DELETE FROM child_extra_time WHERE account_id = $1)
        DELETE FROM child_limits WHERE account_id = $1
        """,
        account_id,
    )


async def add_extra_time(tx: Transaction, account_id: UUID, day: date, minutes: int, *, most: int) -> None:
    """Give a child more time for a day, `most` in all."""
    await tx.execute(
        """
        INSERT INTO child_extra_time (account_id, day, minutes) VALUES ($1, $2, least($3::int, $4::int))
        ON CONFLICT (account_id, day) DO UPDATE SET minutes = least(child_extra_time.minutes + $3::int, $4::int)
        """,
        account_id,
        day,
        minutes,
        most,
    )


async def find_extra_minutes(reader: Reader, days: Mapping[UUID, date]) -> dict[UUID, int]:
    """Return how many minutes each child was given for its day; children without any are left out."""
    rows = await reader.fetch(
        """
        SELECT e.account_id, e.day, e.minutes
        FROM child_extra_time e JOIN unnest($1::uuid[], $2::date[]) AS wanted (account_id, day)
          ON wanted.account_id = e.account_id AND wanted.day = e.day
        """,
        list(days.keys()),
        list(days.values()),
        into=_Extra,
    )
    return {row.account_id: row.minutes for row in rows}


async def delete_extra_time_before(tx: Transaction, day: date) -> int:
    """Forget the time that was given for days before `day`; returns for how many."""
    return await tx.execute("DELETE FROM child_extra_time WHERE day < $1", day)
