"""The SQL of tags of apps."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.apps.domain import TagTie
from samovar.services.catalog.apps.tags.schemas import TagSeen, TagTied
from samovar.services.catalog.domain import TAGS_SHOWN_MAX, Language

TIES_MAX = 500


class _App(msgspec.Struct, frozen=True):
    id: UUID


async def lock_apps(tx: Transaction, app_ids: Sequence[UUID]) -> list[UUID]:
    """Let nobody else change tags of these apps until the end of the transaction; return those that there are."""
    rows = await tx.fetch(
        "SELECT id FROM apps WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", list(app_ids), into=_App
    )
    return [row.id for row in rows]


async def tag_exists(tx: Transaction, tag: str) -> bool:
    """Return whether the taxonomy has a tag."""
    return bool(
        await tx.fetch_value("SELECT EXISTS (SELECT FROM terms WHERE kind = 'tag' AND slug = $1)", tag)
    )


async def find_tie(tx: Transaction, app_id: UUID, tag: str) -> TagTie | None:
    """Return what ties a tag to an app."""
    return await tx.fetch_one(
        """
        SELECT app_id, tag, developer_place, player_votes, moderator_weight FROM app_tags
        WHERE app_id = $1 AND tag = $2
        """,
        app_id,
        tag,
        into=TagTie,
    )


async def count_votes(tx: Transaction, app_id: UUID, account_id: UUID) -> int:
    """Return how many tags an account has given an app."""
    return int(
        await tx.fetch_value(
            "SELECT count(*) FROM tag_votes WHERE account_id = $2 AND app_id = $1", app_id, account_id
        )
    )


async def insert_vote(tx: Transaction, app_id: UUID, tag: str, account_id: UUID, now: datetime) -> bool:
    """Note a vote; false when it is there already."""
    return bool(
        await tx.execute(
            """
            INSERT INTO tag_votes (app_id, tag, account_id, voted_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
            """,
            app_id,
            tag,
            account_id,
            now,
        )
    )


async def delete_vote(tx: Transaction, app_id: UUID, tag: str, account_id: UUID) -> bool:
    """Take a vote back; false when there is none."""
    return bool(
        await tx.execute(
            "DELETE FROM tag_votes WHERE app_id = $1 AND tag = $2 AND account_id = $3",
            app_id,
            tag,
            account_id,
        )
    )


async def list_voted(tx: Transaction, account_id: UUID) -> list[TagTie]:
    """Return the ties that an account has a vote in."""
    return await tx.fetch(
        """
        SELECT t.app_id, t.tag, t.developer_place, t.player_votes, t.moderator_weight
        FROM tag_votes v JOIN app_tags t ON t.app_id = v.app_id AND t.tag = v.tag WHERE v.account_id = $1
        """,
        account_id,
        into=TagTie,
    )


async def delete_votes(tx: Transaction, account_id: UUID) -> None:
    """Take all votes of an account back."""
    await tx.execute("DELETE FROM tag_votes WHERE account_id = $1", account_id)


async def insert_decision(
    tx: Transaction, decision_id: UUID, tie: TagTie, *, actor_id: UUID, reason: str, now: datetime
) -> None:
    """Note what a moderator decided."""
    await tx.execute(
        """
        INSERT INTO tag_decisions (id, app_id, tag, actor_id, weight, reason, decided_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        decision_id,
        tie.app_id,
        tie.tag,
        actor_id,
        tie.moderator_weight,
        reason,
        now,
    )


async def list_shown(
    database: Database, app_id: UUID, language: Language, account_id: UUID | None
) -> list[TagSeen]:
    """Return the tags of an app that are shown, the weightiest first, and after them the account's own that are not."""
    return await database.fetch(
        """
        SELECT w.slug, coalesce(w.names->>$2, w.names->>'ru') AS name, t.player_votes AS votes, t.is_mine
        FROM (
            SELECT t.*, EXISTS (
                SELECT FROM tag_votes v WHERE v.app_id = t.app_id AND v.tag = t.tag AND v.account_id = $3
            ) AS is_mine, row_number() OVER (ORDER BY weight DESC, tag) AS place
            FROM app_tags t WHERE app_id = $1 AND weight > 0
        ) t JOIN terms w ON w.kind = 'tag' AND w.slug = t.tag
        WHERE t.place <= $4 OR t.is_mine
        ORDER BY t.place
        """,
        app_id,
        language,
        account_id,
        TAGS_SHOWN_MAX,
        into=TagSeen,
    )


async def list_tied(database: Database, app_id: UUID, language: Language) -> list[TagTied]:
    """Return all that ties tags to an app, the weightiest first, at most `TIES_MAX`."""
    return await database.fetch(
        """
        SELECT t.tag AS slug, coalesce(w.names->>$2, w.names->>'ru', t.tag) AS name, t.developer_place, t.player_votes,
            t.moderator_weight, t.weight, d.reason, d.actor_id AS decided_by, d.decided_at
        FROM app_tags t
        LEFT JOIN terms w ON w.kind = 'tag' AND w.slug = t.tag
        LEFT JOIN LATERAL (
            SELECT reason, actor_id, decided_at FROM tag_decisions
            WHERE app_id = t.app_id AND tag = t.tag ORDER BY decided_at DESC LIMIT 1
        ) d ON true
        WHERE t.app_id = $1 ORDER BY t.weight DESC, t.tag LIMIT $3
        """,
        app_id,
        language,
        TIES_MAX,
        into=TagTied,
    )
