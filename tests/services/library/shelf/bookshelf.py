"""A player with a shelf, in a library that has heard of titles."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.kit.pagination import Page
from samovar.kit.text.titles import sort_key, words_of
from samovar.services.library.apps import repository as apps
from samovar.services.library.apps.schemas import AppCopy
from samovar.services.library.collections.use_cases import Collections
from samovar.services.library.licences.use_cases import Licences
from samovar.services.library.shelf.schemas import ShelfGame, ShelfQuery
from samovar.services.library.shelf.use_cases import Shelf
from samovar.testing.clock import FakeClock
from tests.services.library.licences.grants import wanted

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


class Bookshelf:
    """Somebody's shelf, and what a test does with it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock(NOON)
        self.account_id = uuid4()
        self.licences = Licences(database, clock=self.clock, new_id=new_id)
        self.shelf = Shelf(database, clock=self.clock)
        self.collections = Collections(database, clock=self.clock, new_id=new_id)

    async def know(self, title: str, title_en: str | None = None, **said: Any) -> UUID:
        """Have a copy of an app."""
        english = title_en or title
        fields: dict[str, Any] = {
            "app_id": new_id(),
            "slug": "game",
            "title_ru": title,
            "title_en": english,
            "sort_ru": sort_key(title),
            "sort_en": sort_key(english),
            "words": f"{words_of(title)} {words_of(english)}",
            "kind": "game",
            "stage": "released",
            "base_app_id": None,
            "capsule_url": "/v1/media/1",
            "organisation_id": None,
            "version": 1,
        }
        copy = AppCopy(**fields | said)
        async with self.database.transaction() as tx:
            await apps.note(tx, [copy.app_id], copy.version)
            await apps.put(tx, [copy])
        return copy.app_id

    async def own(self, *app_ids: UUID, account_id: UUID | None = None, **said: Any) -> UUID:
        """Give a licence; return its id."""
        grant = wanted(account_id=account_id or self.account_id, app_ids=app_ids, **said)
        return (await self.licences.grant(grant))[0].id

    async def have(self, title: str, title_en: str | None = None, **said: Any) -> UUID:
        """Own an app of this title."""
        app_id = await self.know(title, title_en, **said)
        await self.own(app_id)
        return app_id

    async def borrow_from(self, other_id: UUID) -> None:
        """Be of one family."""
        family_id = new_id()
        async with self.database.transaction() as tx:
            await tx.execute(
                "INSERT INTO family_members SELECT $1, a, 1, true FROM unnest($2::uuid[]) AS a",
                family_id,
                [self.account_id, other_id],
            )

    async def page(
        self, cursor: str | None = None, limit: int = 100, language: Any = "ru", **query: Any
    ) -> Page[ShelfGame]:
        """Return a page of the shelf."""
        return await self.shelf.games(
            self.account_id, ShelfQuery(**query), language=language, cursor=cursor, limit=limit
        )

    async def ids(self, **query: Any) -> list[UUID]:
        """Return all games that are found, page by page."""
        cursor: str | None = None
        found: list[UUID] = []
        while True:
            page = await self.page(cursor, 2, **query)
            found += [one.game_id for one in page.items]
            cursor = page.next_cursor
            if cursor is None:
                assert page.total == len(found)
                return found
