"""Where people live, as account tells: there their licences are activated, and by its prices they buy.

By the prices of which country somebody buys is decided here, never by their client: the one that their last purchases hold them to, or
else the one that they have named to account. A client is believed where neither is known.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.services.payment.asking import repository

# How long a paid purchase holds somebody to its country: whoever moves waits, whoever only looks for low prices does not get far.
HELD: Final = timedelta(days=90)


class Residences:
    """Says where people live.

    Args:
        default_country: Of those who have not said.
    """

    def __init__(self, database: Database, *, default_country: str, clock: Clock) -> None:
        self._database = database
        self._default_country = default_country
        self._clock = clock

    async def of(self, account_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return the country of each of these people."""
        found = {
            row.account_id: row.country
            for row in await repository.find_residences(self._database, account_ids)
        }
        return {account_id: found.get(account_id) or self._default_country for account_id in account_ids}

    async def buying(self, account_id: UUID, named: str | None) -> str:
        """Return by the prices of which country somebody buys.

        Args:
            account_id: Who buys.
            named: What their client says.

        Raises:
            InvalidInput: The client names another country than the one that is known.
        """
        known = await held(self._database, account_id, self._clock.now())
        if known is None:
            known = {row.account_id: row.country for row in await self._homes(account_id)}.get(account_id)
        if known is None:
            return named or self._default_country
        if named not in {None, known}:
            fault = FieldError("country", "country_held", f"they buy in {known}", limit=known)
            raise InvalidInput(fault.detail, fields=[fault])
        return known

    async def _homes(self, account_id: UUID) -> list[repository.Residence]:
        return await repository.find_residences(self._database, [account_id])


async def held(reader: Database | Transaction, account_id: UUID, now: datetime) -> str | None:
    """Return the country that the purchases of an account hold it to; none where nothing does."""
    return await repository.find_held(reader, account_id, now - HELD)


async def hold(tx: Transaction, account_id: UUID, country: str, *, now: datetime) -> None:
    """Hold an account to the country in which it has just paid for something, unless it is held to one already."""
    await repository.hold(tx, account_id, country, now=now, since=now - HELD)
