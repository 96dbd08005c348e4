"""Which app a path names, and whether a viewer may see it: for whatever hangs on the page of an app.

head = await sight.of(database, "tea-farm", viewer)
"""

from uuid import UUID

from samovar.kit.database import Database
from samovar.services.catalog.apps import repository
from samovar.services.catalog.apps.names import id_of
from samovar.services.catalog.apps.repository import Head
from samovar.services.catalog.domain import EVERYWHERE, Viewer
from samovar.services.catalog.errors import AppNotFound


async def of(database: Database, game: str | UUID, viewer: Viewer) -> Head:
    """Return what decides of an app, by its id or slug.

    Raises:
        AppNotFound: There is none, it is not shown in the viewer's country, or it is not in the store and not the viewer's.
        AgeRestricted: It is above the viewer's age level.
    """
    head = await find(database, game, viewer.account_id)
    if head is None or not (head.state == "published" or (head.state == "withdrawn" and head.is_owned)):
        raise AppNotFound(f"{game}")
    viewer.check(head.age_rating, head.visible or EVERYWHERE)
    return head


async def find(database: Database, game: str | UUID, account_id: UUID | None) -> Head | None:
    """Return what decides of an app, by its id or slug, whoever may see it."""
    app_id = game if isinstance(game, UUID) else id_of(game)
    if app_id:
        return await repository.find_head_by_id(database, app_id, account_id)
    return await repository.find_head_by_slug(database, str(game), account_id)
