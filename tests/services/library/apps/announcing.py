"""Apps that are announced and not out, in the copy of the catalog."""

from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.library.apps import repository
from samovar.services.library.apps.schemas import AppCopy


async def announce(
    database: Database,
    app_id: UUID | None = None,
    *,
    stage: str = "coming_soon",
    organisation_id: UUID | None = None,
    base_app_id: UUID | None = None,
    version: int = 1,
) -> UUID:
    """Have an app in the copy, not out unless said otherwise; return its id."""
    copy = AppCopy(
        app_id=app_id or new_id(),
        slug="game",
        title_ru="Игра",
        title_en="Game",
        sort_ru="игра",
        sort_en="game",
        words="игра game",
        kind="game",
        stage=stage,
        base_app_id=base_app_id,
        capsule_url=None,
        organisation_id=organisation_id,
        version=version,
    )
    async with database.transaction() as tx:
        await repository.note(tx, [copy.app_id], version)
        await repository.put(tx, [copy])
    return copy.app_id
