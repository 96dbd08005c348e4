"""Which app a path names, and whether a viewer may see it: for whatever hangs on the page of an app.

head = await sight.of("tea-farm", viewer)
"""

from samovar.kit.database import Database
from samovar.services.catalog.apps import repository
from samovar.services.catalog.apps.names import id_of
from samovar.services.catalog.apps.repository import Head
from samovar.services.catalog.domain import EVERYWHERE, Viewer
from samovar.services.catalog.errors import AppNotFound


class Sight:
    """Finds apps that a viewer may see."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, game: str, viewer: Viewer) -> Head:
        """Return what decides of an app, by its id or slug.

        Raises:
            AppNotFound: There is none, it is not shown in the viewer's country, or it is not in the store and not the viewer's.
            AgeRestricted: It is above the viewer's age level.
        """
        app_id = id_of(game)
        if app_id:
            head = await repository.find_head_by_id(self._database, app_id, viewer.account_id)
        else:
            head = await repository.find_head_by_slug(self._database, game, viewer.account_id)
        if head is None or not (head.state == "published" or (head.state == "withdrawn" and head.is_owned)):
            raise AppNotFound(game)
        viewer.check(head.age_rating, head.visible or EVERYWHERE)
        return head
