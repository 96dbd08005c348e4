"""The SQL of news."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.domain import Language
from samovar.services.catalog.news.schemas import Post, PostKey, ShownPost

Reader = Database | Transaction

_COLUMNS = ", ".join(field.name for field in msgspec.structs.fields(Post))


async def count(tx: Transaction, app_id: UUID) -> int:
    """Return how many posts an app has; one at a time is counted, so that two do not pass a limit."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('news ' || $1, 0))", str(app_id))
    found: int = await tx.fetch_value("SELECT count(*) FROM news_posts WHERE app_id = $1", app_id)
    return found


async def insert(tx: Transaction, post: Post, author_id: UUID) -> None:
    """Keep a new post."""
    await tx.execute(
        """
        INSERT INTO news_posts (id, app_id, kind, state, texts, version, build_id, branch, author_id, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
        """,
        post.id,
        post.app_id,
        post.kind,
        post.state,
        post.texts,
        post.version,
        post.build_id,
        post.branch,
        author_id,
        post.created_at,
    )


async def find(reader: Reader, app_id: UUID, post_id: UUID) -> Post | None:
    """Return a post of an app."""
    return await reader.fetch_one(
        f"SELECT {_COLUMNS} FROM news_posts WHERE id = $1 AND app_id = $2",  # noqa: S608  names of columns
        post_id,
        app_id,
        into=Post,
    )


async def take(tx: Transaction, app_id: UUID, post_id: UUID) -> Post | None:
    """Return a post of an app; nobody else changes it until the end of the transaction."""
    return await tx.fetch_one(
        f"SELECT {_COLUMNS} FROM news_posts WHERE id = $1 AND app_id = $2 FOR NO KEY UPDATE",  # noqa: S608  names of columns
        post_id,
        app_id,
        into=Post,
    )


async def update(tx: Transaction, posts: Sequence[Post]) -> None:
    """Write posts that are there as they are now."""
    await tx.execute(
        """
        UPDATE news_posts p
        SET state = n.state, texts = n.texts, version = n.version, build_id = n.build_id, branch = n.branch,
            publish_at = n.publish_at, published_at = n.published_at, edited_at = n.edited_at, changed_at = n.changed_at
        FROM jsonb_to_recordset($1) AS n (
            id uuid, state text, texts jsonb, version text, build_id uuid, branch text, publish_at timestamptz,
            published_at timestamptz, edited_at timestamptz, changed_at timestamptz
        )
        WHERE p.id = n.id
        """,
        list(posts),
    )


async def delete(tx: Transaction, post_id: UUID) -> None:
    """Delete a post."""
    await tx.execute("DELETE FROM news_posts WHERE id = $1", post_id)


async def take_due(tx: Transaction, now: datetime, limit: int) -> list[Post]:
    """Return posts whose moment has come; nobody else takes them."""
    return await tx.fetch(
        f"""
        SELECT {_COLUMNS} FROM news_posts WHERE state = 'scheduled' AND publish_at <= $1
        ORDER BY publish_at, id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
        """,  # noqa: S608  names of columns
        now,
        limit,
        into=Post,
    )


async def take_of_build(tx: Transaction, app_id: UUID, build_id: UUID, branch: str) -> list[Post]:
    """Return posts that wait for a branch to give a build; nobody else changes them until the end of the transaction."""
    return await tx.fetch(
        f"""
        SELECT {_COLUMNS} FROM news_posts
        WHERE build_id = $1 AND app_id = $2 AND branch = $3 AND state = 'scheduled' AND publish_at IS NULL
        ORDER BY id FOR NO KEY UPDATE
        """,  # noqa: S608  names of columns
        build_id,
        app_id,
        branch,
        into=Post,
    )


async def list_all(reader: Reader, app_id: UUID, after: PostKey | None, limit: int) -> list[Post]:
    """Return the posts of an app, the newest first."""
    return await reader.fetch(
        f"""
        SELECT {_COLUMNS} FROM news_posts
        WHERE app_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
        ORDER BY created_at DESC, id DESC LIMIT $4
        """,  # noqa: S608  names of columns
        app_id,
        after.at if after else None,
        after.id if after else None,
        limit,
        into=Post,
    )


# $2 is the language.
_SHOWN = """
    SELECT id, kind, coalesce(texts -> $2, texts -> 'ru') ->> 'title' AS title,
        coalesce(texts -> $2, texts -> 'ru') ->> 'text' AS text, version, build_id, published_at, edited_at
    FROM (SELECT *, jsonb_strip_nulls(texts) AS said FROM news_posts) p
    WHERE app_id = $1 AND state = 'published'
""".replace("texts ->", "said ->")


async def list_shown(
    reader: Reader,
    app_id: UUID,
    language: Language,
    *,
    build_id: UUID | None,
    after: PostKey | None,
    limit: int,
) -> list[ShownPost]:
    """Return what players are told of an app, or of one build of it, the latest first."""
    return await reader.fetch(
        f"""
        {_SHOWN} AND ($3::uuid IS NULL OR build_id = $3)
            AND ($4::timestamptz IS NULL OR (published_at, id) < ($4, $5::uuid))
        ORDER BY published_at DESC, id DESC LIMIT $6
        """,
        app_id,
        language,
        build_id,
        after.at if after else None,
        after.id if after else None,
        limit,
        into=ShownPost,
    )


async def find_shown(reader: Reader, app_id: UUID, language: Language, post_id: UUID) -> ShownPost | None:
    """Return a post that players may read."""
    return await reader.fetch_one(f"{_SHOWN} AND id = $3", app_id, language, post_id, into=ShownPost)
