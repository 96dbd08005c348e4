"""The copy of what catalog says of apps, and how it keeps up."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.library.apps import repository
from samovar.services.library.apps.adapters import CatalogApps

COPIED_AT_ONCE_MAX = 500


class AppCopies:
    """Titles and kinds of apps: events say which copies are behind, and catalog is asked for hundreds at one time."""

    def __init__(self, database: Database, *, catalog: CatalogApps) -> None:
        self._database = database
        self._catalog = catalog

    async def note(self, tx: Transaction, app_ids: Sequence[UUID], version: int) -> None:
        """Note that these apps have at least this version; what is heard late or again changes nothing."""
        await repository.note(tx, app_ids, version)

    async def copy(self) -> None:
        """Copy all that is behind.

        Raises:
            DeadlineExceeded: Catalog does not answer in time; the next run goes on.
            Unavailable: Catalog is away.
        """
        copied = COPIED_AT_ONCE_MAX
        while copied == COPIED_AT_ONCE_MAX:
            copied = await self._copy_some()

    async def _copy_some(self) -> int:
        behind = await repository.list_behind(self._database, COPIED_AT_ONCE_MAX)
        if not behind:
            return 0
        found = await self._catalog.find([one.app_id for one in behind])
        async with self._database.transaction() as tx:
            await repository.put(tx, list(found.values()))
            # What catalog does not know, or knows only as older than it told: asking again brings nothing until it tells again.
            await repository.put_unknown(tx, behind)
        return len(behind)
