"""The SQL of the copy of catalog's apps."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.library.apps.schemas import AppCopy, Behind, KnownStage, Owner


async def note(tx: Transaction, app_ids: Sequence[UUID], version: int) -> None:
    """Note that these apps have this version, or a later one; what is known already is not written."""
    await tx.execute(
        """
        INSERT INTO app_copies (app_id, told_version)
        SELECT DISTINCT app_id, $2::bigint FROM unnest($1::uuid[]) AS app_id ORDER BY app_id
        ON CONFLICT (app_id) DO UPDATE SET told_version = excluded.told_version
        WHERE app_copies.told_version < excluded.told_version
        """,
        list(app_ids),
        version,
    )


async def list_behind(database: Database, limit: int) -> list[Behind]:
    """Return apps whose copy is behind."""
    return await database.fetch(
        """
        SELECT app_id, told_version FROM app_copies WHERE known_version < told_version ORDER BY app_id LIMIT $1
        """,
        limit,
        into=Behind,
    )


async def put(tx: Transaction, copies: Sequence[AppCopy]) -> None:
    """Keep copies, unless later ones are kept already."""
    await tx.execute(
        """
        UPDATE app_copies a
        SET slug = n.slug, title_ru = n.title_ru, title_en = n.title_en, sort_ru = n.sort_ru, sort_en = n.sort_en,
            words = n.words, kind = n.kind, stage = n.stage, base_app_id = n.base_app_id, capsule_url = n.capsule_url, organisation_id = n.organisation_id,
            known_version = n.version, told_version = greatest(a.told_version, n.version)
        FROM jsonb_to_recordset($1) AS n (
            app_id uuid, slug text, title_ru text, title_en text, sort_ru text, sort_en text, words text, kind text,
            stage text, base_app_id uuid, capsule_url text, organisation_id uuid, version bigint
        )
        WHERE a.app_id = n.app_id AND a.known_version < n.version
        """,
        copies,
    )


async def put_unknown(tx: Transaction, behind: Sequence[Behind]) -> None:
    """Note that catalog knew nothing of these apps when it was asked: the next word of them is waited for."""
    await tx.execute(
        """
        UPDATE app_copies a SET known_version = n.told_version
        FROM jsonb_to_recordset($1) AS n (app_id uuid, told_version bigint)
        WHERE a.app_id = n.app_id AND a.known_version < n.told_version
        """,
        behind,
    )


async def find_owner(database: Database, app_id: UUID) -> Owner | None:
    """Return whose an app is; none where that was not copied."""
    return await database.fetch_one(
        "SELECT organisation_id, base_app_id FROM app_copies WHERE app_id = $1 AND slug IS NOT NULL AND known_version > 0",
        app_id,
        into=Owner,
    )


async def find_stage(database: Database, app_id: UUID) -> KnownStage | None:
    """Return whether an app is out, as far as that was copied."""
    return await database.fetch_one(
        "SELECT stage, organisation_id, base_app_id FROM app_copies WHERE app_id = $1",
        app_id,
        into=KnownStage,
    )
