"""Where people live, as account tells: there their licences are activated."""

from collections.abc import Collection
from uuid import UUID

from samovar.kit.database import Database
from samovar.services.payment.asking import repository


class Residences:
    """Says where people live.

    Args:
        default_country: Of those who have not said.
    """

    def __init__(self, database: Database, *, default_country: str) -> None:
        self._database = database
        self._default_country = default_country

    async def of(self, account_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return the country of each of these people."""
        found = {
            row.account_id: row.country
            for row in await repository.find_residences(self._database, account_ids)
        }
        return {account_id: found.get(account_id) or self._default_country for account_id in account_ids}
