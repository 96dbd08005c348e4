"""The SQL of names: what is older than what is known changes nothing."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction


async def put_app(
    tx: Transaction, app_id: UUID, *, slug: str, title: str, is_out: bool, version: int
) -> None:
    """Keep what an app is called."""
    await tx.execute(
        """
        INSERT INTO app_names (app_id, slug, title, is_out, version) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (app_id) DO UPDATE
        SET slug = excluded.slug, title = excluded.title, is_out = excluded.is_out, version = excluded.version
        WHERE app_names.version < excluded.version
        """,
        app_id,
        slug,
        title,
        is_out,
        version,
    )


async def put_package(tx: Transaction, package_id: UUID, app_id: UUID, version: int) -> None:
    """Keep on which app's page a package is offered."""
    await tx.execute(
        """
        INSERT INTO package_apps (package_id, app_id, version) VALUES ($1, $2, $3)
        ON CONFLICT (package_id) DO UPDATE SET app_id = excluded.app_id, version = excluded.version
        WHERE package_apps.version < excluded.version
        """,
        package_id,
        app_id,
        version,
    )


async def put_person(
    tx: Transaction, account_id: UUID, *, display_name: str, avatar_url: str, version: int
) -> None:
    """Keep what a person is called, unless they have been forgotten."""
    await tx.execute(
        """
        INSERT INTO people (account_id, display_name, avatar_url, version)
        SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM forgotten WHERE id = $1)
        ON CONFLICT (account_id) DO UPDATE
        SET display_name = excluded.display_name, avatar_url = excluded.avatar_url, version = excluded.version
        WHERE people.version < excluded.version
        """,
        account_id,
        display_name,
        avatar_url,
        version,
    )


async def put_organisation(tx: Transaction, organisation_id: UUID, name: str, version: int) -> None:
    """Keep what an organisation is called."""
    await tx.execute(
        """
        INSERT INTO organisation_names (organisation_id, name, version) VALUES ($1, $2, $3)
        ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name, version = excluded.version
        WHERE organisation_names.version < excluded.version
        """,
        organisation_id,
        name,
        version,
    )


async def put_seats(
    tx: Transaction,
    account_id: UUID,
    *,
    organisation_ids: Sequence[UUID],
    levels: Sequence[str],
    said_at: datetime,
) -> None:
    """Keep where somebody has a seat, in place of what was said of them before; an older word changes nothing."""
    is_new = await tx.fetch_value(
        """
        INSERT INTO seat_words AS w (account_id, said_at)
        SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM forgotten WHERE id = $1)
        ON CONFLICT (account_id) DO UPDATE SET said_at = excluded.said_at WHERE w.said_at < excluded.said_at
        RETURNING true
        """,
        account_id,
        said_at,
    )
    if not is_new:
        return
    await tx.execute("DELETE FROM seats WHERE account_id = $1", account_id)
    await tx.execute(
        """
        INSERT INTO seats (account_id, organisation_id, level)
        SELECT $1, organisation_id, level FROM unnest($2::uuid[], $3::text[]) AS s (organisation_id, level)
        ON CONFLICT DO NOTHING
        """,
        account_id,
        list(organisation_ids),
        list(levels),
    )
