"""Apps, written straight into the tables, for tests of what is sold of them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.catalog.packages.writer import PackageWrite, PackageWriter
from samovar.services.catalog.schemas import Names

writer = PackageWriter(clock=SystemClock(), new_id=new_id)


async def put_app(
    database: Database,
    *,
    organisation_id: UUID | None = None,
    state: str = "published",
    stage: str = "released",
    age_rating: int = 0,
    visible: dict[str, Any] | None = None,
) -> UUID:
    """Write an app and return its id, by which its slug is made."""
    app_id = new_id()
    document = {"slug": f"app-{app_id.hex}", "title": "Тест"} | ({"visible": visible} if visible else {})
    async with database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO apps (
                id, slug, kind, organisation_id, state, stage, title, age_rating, document, version, created_at, updated_at
            )
            VALUES ($1, $2, 'game', $3, $4, $5, 'Тест', $6, $7, 1, $8, $8)
            """,
            app_id,
            document["slug"],
            organisation_id,
            state,
            stage,
            age_rating,
            document,
            datetime.now(UTC),
        )
    return app_id


def package_of(app_id: UUID, *more: UUID, **said: Any) -> PackageWrite:
    """Return what writes a package on sale on the page of an app; `said` are fields of `PackageWrite`."""
    return PackageWrite(
        **{
            "slug": f"package-{new_id().hex}",
            "app_id": app_id,
            "app_ids": (app_id, *more),
            "names": Names(ru="Комплект"),
            "state": "on_sale",
            **said,
        }
    )


async def put_package(database: Database, app_id: UUID, *more: UUID, **said: Any) -> UUID:
    """Write a package on sale, and return its id."""
    async with database.transaction() as tx:
        return (await writer.write(tx, [package_of(app_id, *more, **said)]))[0]
