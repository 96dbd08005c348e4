"""The SQL of telling."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.notification.domain import Story


class Told(msgspec.Struct, frozen=True):
    """Somebody whose inbox has changed."""

    account_id: UUID


async def put(
    tx: Transaction, ids: Sequence[UUID], accounts: Sequence[UUID], story: Story, now: datetime
) -> list[UUID]:
    """Put a story into inboxes, or move it on in those where it was; return the accounts where that changed something."""
    rows = await tx.fetch(
        """
        INSERT INTO notifications AS n (
            id, account_id, topic, cause, stage, kind, app_id, package_id, person_id, organisation_id, facts,
            happened_at, told_at, is_withdrawn
        )
        SELECT r.id, r.account_id, $3, $4, $5, coalesce($6, 'withdrawn'), $7, $8, $9, $10, $11, $12, $13, $6::text IS NULL
        FROM unnest($1::uuid[], $2::uuid[]) AS r (id, account_id)
        WHERE NOT EXISTS (SELECT FROM forgotten f WHERE f.id = r.account_id)
          AND NOT EXISTS (
              SELECT FROM muted_categories m WHERE m.account_id = r.account_id AND m.category = $14::text
          )
        ORDER BY r.account_id
        ON CONFLICT ON CONSTRAINT a_story_is_told_once DO UPDATE
        SET id = excluded.id, stage = excluded.stage, kind = excluded.kind, read_at = NULL,
            app_id = coalesce(excluded.app_id, n.app_id), package_id = coalesce(excluded.package_id, n.package_id),
            person_id = coalesce(excluded.person_id, n.person_id),
            organisation_id = coalesce(excluded.organisation_id, n.organisation_id),
            facts = n.facts || excluded.facts, happened_at = excluded.happened_at, told_at = excluded.told_at,
            is_withdrawn = excluded.is_withdrawn
        WHERE n.stage < excluded.stage
        RETURNING n.account_id
        """,
        list(ids),
        list(accounts),
        story.topic,
        story.cause,
        story.stage,
        story.kind,
        story.app_id,
        story.package_id,
        story.person_id,
        story.organisation_id,
        dict(story.facts),
        story.happened_at,
        now,
        story.category,
        into=Told,
    )
    return [row.account_id for row in rows]


async def complete(tx: Transaction, accounts: Sequence[UUID], story: Story) -> None:
    """Add what a story that is further already did not know: an event that comes late may name the game."""
    await tx.execute(
        """
        UPDATE notifications
        SET app_id = coalesce(app_id, $5), package_id = coalesce(package_id, $6), facts = $7::jsonb || facts
        WHERE account_id = ANY($1::uuid[]) AND topic = $2 AND cause = $3 AND stage > $4
        """,
        list(accounts),
        story.topic,
        story.cause,
        story.stage,
        story.app_id,
        story.package_id,
        dict(story.facts),
    )


async def trim(tx: Transaction, accounts: Sequence[UUID], inbox_max: int) -> None:
    """Delete what stands in an inbox behind the `inbox_max` latest."""
    await tx.execute(
        """
        DELETE FROM notifications n
        USING (
            SELECT a.id AS account_id, (
                SELECT m.id FROM notifications m WHERE m.account_id = a.id AND NOT m.is_withdrawn
                ORDER BY m.id DESC OFFSET $2 LIMIT 1
            ) AS first_id
            FROM unnest($1::uuid[]) AS a (id)
        ) AS beyond
        WHERE n.account_id = beyond.account_id AND n.id <= beyond.first_id
        """,
        list(accounts),
        inbox_max,
    )


async def list_seats(tx: Transaction, organisation_id: UUID, levels: Sequence[str], limit: int) -> list[UUID]:
    """Return who has one of these levels in an organisation."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT account_id FROM seats WHERE organisation_id = $1 AND level = ANY($2::text[])
        ORDER BY account_id LIMIT $3
        """,
        organisation_id,
        list(levels),
        limit,
        into=Told,
    )
    return [row.account_id for row in rows]


async def forget(tx: Transaction, account_id: UUID, now: datetime) -> None:
    """Drop all that names an account, and remember that nobody is behind it."""
    await tx.execute(
        "INSERT INTO forgotten (id, forgotten_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", account_id, now
    )
    await tx.execute(
        """
        WITH told AS (DELETE FROM notifications WHERE account_id = $1),
             muted AS (DELETE FROM muted_categories WHERE account_id = $1),
             seated AS (DELETE FROM seats WHERE account_id = $1),
             waiting AS (DELETE FROM preorders WHERE account_id = $1)
        DELETE FROM people WHERE account_id = $1
        """,
        account_id,
    )
