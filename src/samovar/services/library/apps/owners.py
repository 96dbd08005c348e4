"""Whose an app is, for other rooms: by the copy, and by catalog where there is none yet."""

from uuid import UUID

from samovar.kit.database import Database
from samovar.services.library.apps import repository
from samovar.services.library.apps.adapters import CatalogApps
from samovar.services.library.apps.schemas import Owner


async def find(database: Database, catalog: CatalogApps, app_id: UUID) -> Owner | None:
    """Return whose an app is; none: there is no such app.

    Raises:
        DeadlineExceeded: It has to be asked for, and catalog does not answer in time.
        Unavailable: It has to be asked for, and catalog is away.
    """
    owner = await repository.find_owner(database, app_id)
    if owner is not None:
        return owner
    found = (await catalog.find([app_id])).get(app_id)
    return Owner(organisation_id=found.organisation_id, base_app_id=found.base_app_id) if found else None
