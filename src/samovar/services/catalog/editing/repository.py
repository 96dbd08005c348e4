"""The SQL of editing: drafts, the history of pages, changelogs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.domain import AppKind, AppState, Stage
from samovar.services.catalog.editing.schemas import Changes, Entry, OwnApp, Version
from samovar.services.catalog.repository import Owner
from samovar.services.catalog.schemas import AppDocument

Reader = Database | Transaction


class DraftRow(msgspec.Struct, frozen=True, kw_only=True):
    """An app with its draft, if it has one.

    Attributes:
        page: What is in the store, or was last written.
        base: The version of the page that the draft began from.
    """

    id: UUID
    slug: str
    kind: AppKind
    state: AppState
    organisation_id: UUID | None
    version: int
    page: AppDocument
    draft_id: UUID | None
    draft: AppDocument | None
    base_version: int | None
    draft_version: int | None
    base: AppDocument | None


class Owned(Owner, frozen=True, kw_only=True):
    """An app, and whose it is."""

    id: UUID


class Standing(msgspec.Struct, frozen=True):
    """How far an app has come."""

    id: UUID
    state: AppState
    stage: Stage


class Belonging(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what belongs to a game."""

    id: UUID
    version: int
    document: AppDocument


async def lock_family(tx: Transaction, slug: str) -> None:
    """Let nobody else move a game or what belongs to it in and out of the store until the end of the transaction."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('family ' || $1, 0))", slug)


async def find_standing(reader: Reader, slug: str) -> Standing | None:
    """Return how far the app with a slug has come."""
    return await reader.fetch_one("SELECT id, state, stage FROM apps WHERE slug = $1", slug, into=Standing)


async def list_shown_of(tx: Transaction, game_id: UUID) -> list[Belonging]:
    """Return what belongs to a game and is in the store; nobody changes it until the end of the transaction."""
    return await tx.fetch(
        """
        SELECT id, version, document FROM apps WHERE base_app_id = $1 AND state = 'published' ORDER BY id FOR NO KEY UPDATE
        """,
        game_id,
        into=Belonging,
    )


async def note_withdrawn_with_base(tx: Transaction, game_id: UUID, app_ids: Sequence[UUID]) -> None:
    """Note that these leave the store because their game does."""
    await tx.execute(
        """
        INSERT INTO withdrawn_with_base (app_id, base_app_id) SELECT app_id, $1 FROM unnest($2::uuid[]) AS app_id
        ON CONFLICT (app_id) DO UPDATE SET base_app_id = excluded.base_app_id
        """,
        game_id,
        list(app_ids),
    )


async def take_withdrawn_with_base(tx: Transaction, game_id: UUID) -> list[Belonging]:
    """Return what left the store with a game and still belongs to it, and forget that it did."""
    return await tx.fetch(
        """
        WITH gone AS (DELETE FROM withdrawn_with_base WHERE base_app_id = $1 RETURNING app_id)
        SELECT a.id, a.version, a.document FROM apps a JOIN gone ON gone.app_id = a.id
        WHERE a.base_app_id = $1 AND a.state = 'withdrawn' ORDER BY a.id FOR NO KEY UPDATE OF a
        """,
        game_id,
        into=Belonging,
    )


async def forget_withdrawn_with_base(tx: Transaction, app_id: UUID) -> None:
    """Forget that an app left the store with its game: by now it is there, or away, by itself."""
    await tx.execute("DELETE FROM withdrawn_with_base WHERE app_id = $1", app_id)


async def find_by_slug(reader: Reader, slug: str) -> Owned | None:
    """Return the app with a slug, and whose it is."""
    return await reader.fetch_one(
        "SELECT id, organisation_id, base_app_id FROM apps WHERE slug = $1", slug, into=Owned
    )


async def lock_app(tx: Transaction, app_id: UUID) -> None:
    """Let nobody else edit an app until the end of the transaction."""
    await tx.execute("SELECT FROM apps WHERE id = $1 FOR NO KEY UPDATE", app_id)


async def find_draft(reader: Reader, app_id: UUID) -> DraftRow | None:
    """Return an app with its draft."""
    return await reader.fetch_one(
        """
        SELECT a.id, a.slug, a.kind, a.state, a.organisation_id, a.version, a.document AS page,
            d.id AS draft_id, d.document AS draft, d.base_version, d.version AS draft_version, v.document AS base
        FROM apps a
        LEFT JOIN app_drafts d ON d.app_id = a.id
        LEFT JOIN app_versions v ON v.app_id = a.id AND v.version = d.base_version
        WHERE a.id = $1
        """,
        app_id,
        into=DraftRow,
    )


async def put_draft(
    tx: Transaction,
    app_id: UUID,
    document: AppDocument,
    *,
    draft_id: UUID,
    base_version: int,
    version: int,
    account_id: UUID,
    now: datetime,
) -> None:
    """Write a draft."""
    await tx.execute(
        """
        INSERT INTO app_drafts (app_id, id, document, base_version, version, account_id, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
        ON CONFLICT (app_id) DO UPDATE SET document = excluded.document, base_version = excluded.base_version,
            version = excluded.version, account_id = excluded.account_id, updated_at = excluded.updated_at
        """,
        app_id,
        draft_id,
        document,
        base_version,
        version,
        account_id,
        now,
    )


async def delete_draft(tx: Transaction, app_id: UUID) -> None:
    """Drop a draft."""
    await tx.execute("DELETE FROM app_drafts WHERE app_id = $1", app_id)


async def count_drafts(tx: Transaction, organisation_id: UUID) -> int:
    """Return how many apps of an organisation were never shown; one at a time counts, so that two do not pass a limit."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"drafts:{organisation_id}")
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM apps WHERE organisation_id = $1 AND state = 'draft'", organisation_id
    )
    return count


async def list_apps(
    reader: Reader,
    *,
    organisation_ids: Sequence[UUID] | None,
    games: Sequence[tuple[UUID, UUID]],
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[OwnApp]:
    """Return apps, the ones that were changed last first.

    Args:
        reader: Where to look.
        organisation_ids: All apps of these organisations; none: of everybody.
        games: Besides: an organisation and its game, with what belongs to that there.
        after: The last one of the page before.
        limit: How many at most.
    """
    return await reader.fetch(
        """
        SELECT a.id AS app_id, a.organisation_id, a.slug, a.kind, a.title, a.state, d.app_id IS NOT NULL AS has_draft,
            a.updated_at
        FROM apps a LEFT JOIN app_drafts d ON d.app_id = a.id
        WHERE ($1::uuid[] IS NULL OR a.organisation_id = ANY($1) OR EXISTS (
                SELECT FROM unnest($2::uuid[], $3::uuid[]) AS game (organisation_id, app_id)
                WHERE game.organisation_id = a.organisation_id AND game.app_id IN (a.id, a.base_app_id)
            ))
            AND ($4::timestamptz IS NULL OR (a.updated_at, a.id) < ($4, $5))
        ORDER BY a.updated_at DESC, a.id DESC LIMIT $6
        """,
        None if organisation_ids is None else list(organisation_ids),
        [organisation_id for organisation_id, _ in games],
        [app_id for _, app_id in games],
        after and after[0],
        after and after[1],
        limit,
        into=OwnApp,
    )


async def list_versions(reader: Reader, app_id: UUID, *, before: int | None, limit: int) -> list[Version]:
    """Return the history of a page, the newest first."""
    return await reader.fetch(
        """
        SELECT version, account_id, reason, changed_at FROM app_versions
        WHERE app_id = $1 AND ($2::bigint IS NULL OR version < $2) ORDER BY version DESC LIMIT $3
        """,
        app_id,
        before,
        limit,
        into=Version,
    )


class VersionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A version with its document, and the one before it."""

    version: int
    account_id: UUID | None
    reason: str
    changed_at: datetime
    document: AppDocument
    before: AppDocument | None


async def find_version(reader: Reader, app_id: UUID, version: int) -> VersionRow | None:
    """Return a version of a page."""
    return await reader.fetch_one(
        """
        SELECT v.version, v.account_id, v.reason, v.changed_at, v.document, b.document AS before
        FROM app_versions v LEFT JOIN app_versions b ON b.app_id = v.app_id AND b.version = v.version - 1
        WHERE v.app_id = $1 AND v.version = $2
        """,
        app_id,
        version,
        into=VersionRow,
    )


async def wrote_last(reader: Reader, app_id: UUID, version: int, *, account_id: UUID, reason: str) -> bool:
    """Return whether a version of a page was written by somebody for a reason."""
    return bool(
        await reader.fetch_value(
            """
            SELECT EXISTS (
                SELECT FROM app_versions WHERE app_id = $1 AND version = $2 AND account_id = $3 AND reason = $4
            )
            """,
            app_id,
            version,
            account_id,
            reason,
        )
    )


async def has_offer(reader: Reader, app_id: UUID) -> bool:
    """Return whether a package with this app is on sale."""
    found: bool = await reader.fetch_value(
        """
        SELECT EXISTS (
            SELECT FROM package_apps pa JOIN packages p ON p.id = pa.package_id
            WHERE pa.app_id = $1 AND p.state = 'on_sale'
        )
        """,
        app_id,
    )
    return found


class _EntryRow(msgspec.Struct, frozen=True):
    app_id: UUID
    release: str
    published_at: datetime
    texts: Changes


async def find_entries(
    tx: Transaction, entries: Sequence[Entry]
) -> dict[tuple[UUID, str, datetime], Changes]:
    """Return the texts of those of these entries that there are."""
    rows = await tx.fetch(
        """
        SELECT app_id, release, published_at, texts FROM changelog_entries
        WHERE (app_id, release, published_at) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]))
        """,
        [one.app_id for one in entries],
        [one.release for one in entries],
        [one.published_at for one in entries],
        into=_EntryRow,
    )
    return {(row.app_id, row.release, row.published_at): row.texts for row in rows}


async def put_entries(tx: Transaction, entries: Sequence[Entry], *, ids: Sequence[UUID]) -> None:
    """Write entries; `ids` are for those that are not there yet."""
    await tx.execute(
        """
        INSERT INTO changelog_entries (id, app_id, release, texts, published_at)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[], $5::timestamptz[])
        ON CONFLICT (app_id, release, published_at) DO UPDATE SET texts = excluded.texts
        """,
        list(ids),
        [one.app_id for one in entries],
        [one.release for one in entries],
        [one.texts for one in entries],
        [one.published_at for one in entries],
    )


async def delete_entries(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Delete those of these entries that there are."""
    await tx.execute(
        """
        DELETE FROM changelog_entries
        WHERE (app_id, release, published_at) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]))
        """,
        [one.app_id for one in entries],
        [one.release for one in entries],
        [one.published_at for one in entries],
    )
