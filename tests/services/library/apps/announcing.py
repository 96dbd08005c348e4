"""Apps that are announced and not out, in the copy of the catalog."""

from typing import Any
from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.library.apps import repository
from samovar.services.library.apps.schemas import AppCopy


def copy_of(
    app_id: UUID,
    *,
    stage: str = "coming_soon",
    organisation_id: UUID | None = None,
    base_app_id: UUID | None = None,
    version: int = 1,
) -> AppCopy:
    """Return an app as catalog tells of it, not out unless said otherwise."""
    return AppCopy(
        app_id=app_id,
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


async def announce(database: Database, app_id: UUID | None = None, *, version: int = 1, **said: Any) -> UUID:
    """Have an app in the copy, as `copy_of` makes it; return its id."""
    copy = copy_of(app_id or new_id(), version=version, **said)
    async with database.transaction() as tx:
        await repository.note(tx, [copy.app_id], version)
        await repository.put(tx, [copy])
    return copy.app_id
