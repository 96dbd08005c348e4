"""The copy of catalog's apps: asked for in hundreds, never older than what was told, patient when catalog is away."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import Unavailable
from samovar.kit.ids import new_id
from samovar.services.library.apps.adapters import CatalogApps
from samovar.services.library.apps.schemas import AppCopy
from samovar.services.library.apps.use_cases import AppCopies


class _Catalog(CatalogApps):
    """A catalog that tells what a test has put into it."""

    def __init__(self) -> None:
        self.versions: dict[UUID, int] = {}
        self.asked: list[int] = []
        self.is_away = False

    async def find(self, app_ids: Sequence[UUID]) -> dict[UUID, AppCopy]:
        """Return those that are known."""
        self.asked.append(len(app_ids))
        if self.is_away:
            raise Unavailable("away")
        return {
            app_id: AppCopy(
                app_id=app_id,
                slug="game",
                title_ru=f"Игра {self.versions[app_id]}",
                title_en="Game",
                sort_ru="игра",
                sort_en="game",
                words="игра game",
                kind="game",
                stage="released",
                base_app_id=None,
                capsule_url=None,
                organisation_id=None,
                version=self.versions[app_id],
            )
            for app_id in app_ids
            if app_id in self.versions
        }


@pytest.fixture
def catalog() -> _Catalog:
    return _Catalog()


@pytest.fixture
def copies(own_database: Database, catalog: _Catalog) -> AppCopies:
    return AppCopies(own_database, catalog=catalog)


async def _note(database: Database, copies: AppCopies, app_ids: Sequence[UUID], version: int) -> None:
    async with database.transaction() as tx:
        await copies.note(tx, app_ids, version)


async def _title(database: Database, app_id: UUID) -> str | None:
    title = await database.fetch_value("SELECT title_ru FROM app_copies WHERE app_id = $1", app_id)
    return str(title) if title else None


async def test_all_that_is_behind_is_copied_in_few_calls(
    own_database: Database, copies: AppCopies, catalog: _Catalog
) -> None:
    apps = [new_id() for _ in range(700)]
    catalog.versions = dict.fromkeys(apps, 3)
    await _note(own_database, copies, apps, 1)
    await copies.copy()
    assert catalog.asked == [500, 200]
    assert await _title(own_database, apps[0]) == "Игра 3"
    await copies.copy()
    assert catalog.asked == [500, 200]
    # What was copied is as new as that already.
    await _note(own_database, copies, apps, 3)
    await copies.copy()
    assert catalog.asked == [500, 200]
    catalog.versions[apps[1]] = 4
    await _note(own_database, copies, [apps[1]], 4)
    await copies.copy()
    assert await _title(own_database, apps[1]) == "Игра 4"


async def test_what_catalog_does_not_know_is_asked_for_once(
    own_database: Database, copies: AppCopies, catalog: _Catalog
) -> None:
    app_id = new_id()
    await _note(own_database, copies, [app_id], 1)
    await copies.copy()
    await copies.copy()
    assert catalog.asked == [1]
    catalog.versions[app_id] = 2
    await _note(own_database, copies, [app_id], 2)
    await copies.copy()
    assert await _title(own_database, app_id) == "Игра 2"


async def test_while_catalog_is_away_the_old_copy_stays(
    own_database: Database, copies: AppCopies, catalog: _Catalog
) -> None:
    app_id = new_id()
    catalog.versions[app_id] = 1
    await _note(own_database, copies, [app_id], 1)
    await copies.copy()
    catalog.versions[app_id], catalog.is_away = 2, True
    await _note(own_database, copies, [app_id], 2)
    with pytest.raises(Unavailable):
        await copies.copy()
    assert await _title(own_database, app_id) == "Игра 1"
    catalog.is_away = False
    await copies.copy()
    assert await _title(own_database, app_id) == "Игра 2"
