"""Who may see the reviews of an app: whoever may see its page. For every door of reviews."""

from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.services.catalog.domain import EVERYWHERE, Viewer
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.reviews import repository
from samovar.services.catalog.reviews.repository import AppRow
from samovar.services.catalog.viewers.audience import Audience


class Seen(msgspec.Struct, frozen=True):
    """An app, and who looks at it."""

    app: AppRow
    viewer: Viewer


class Sight:
    """Shows apps to who may see them."""

    def __init__(self, database: Database, audience: Audience) -> None:
        self._database = database
        self._audience = audience

    async def app(
        self, app_id: UUID, caller: Caller | None, *, country: str | None = None, language: str | None = None
    ) -> Seen:
        """Return an app that the caller may see.

        Raises:
            InvalidInput: There is no such country.
            AppNotFound: There is no such app, or it is not shown there.
            AgeRestricted: It is above the caller's age level.
        """
        viewer = await self._audience.of(caller, country=country, language=language)
        app = await repository.find_app(self._database, app_id)
        if app is None or app.state != "published":
            raise AppNotFound(f"{app_id}")
        viewer.check(app.age_rating, app.visible or EVERYWHERE)
        return Seen(app, viewer)
