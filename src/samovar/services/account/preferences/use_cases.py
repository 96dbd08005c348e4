"""What one can do with one's settings."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import require_match
from samovar.services.account.activity.journal import Journal
from samovar.services.account.errors import AccountNotReady
from samovar.services.account.preferences import repository
from samovar.services.account.preferences.schemas import Settings, SettingsPatch
from samovar.services.account.profiles.arrival import Arrival


class Preferences:
    """The settings of people.

    Args:
        countries: The codes that there are.
        time_zones: The names that there are.
    """

    def __init__(
        self,
        database: Database,
        *,
        arrival: Arrival,
        journal: Journal,
        clock: Clock,
        countries: Collection[str],
        time_zones: Collection[str],
    ) -> None:
        self._database = database
        self._arrival = arrival
        self._journal = journal
        self._clock = clock
        self._offered = {"country": countries, "time_zone": time_zones}

    async def show(self, account_id: UUID) -> Settings:
        """Return one's own settings.

        Raises:
            AccountNotReady: The event that tells of the registration has not come yet.
        """
        await self._arrival.wait(account_id)
        row = await repository.find_settings(self._database, account_id)
        if row is None:
            raise AccountNotReady(f"{account_id} has gone again")
        return row.settings()

    async def change(self, caller: Caller, patch: SettingsPatch, *, if_match: str | None) -> Settings:
        """Change one's own settings.

        Raises:
            InvalidInput: There is no such country or time zone.
            PreconditionFailed: They are no longer what the client has seen.
        """
        given = self._checked(patch)
        await self._arrival.wait(caller.account_id)
        async with self._database.transaction() as tx:
            row = await repository.lock_settings(tx, caller.account_id)
            if row is None:
                raise AccountNotReady(f"{caller.account_id} has gone again")
            before = row.settings()
            require_match(if_match, before)
            after = msgspec.structs.replace(before, **given)
            fields = [name for name in given if getattr(before, name) != getattr(after, name)]
            if fields:
                version = await repository.upsert_settings(tx, caller.account_id, after)
                await self._journal.note(
                    tx,
                    caller.account_id,
                    "settings_changed",
                    params={"fields": fields},
                    session_id=caller.session_id,
                )
                now = self._clock.now()
                await tx.publish(after.told(caller.account_id, version=version, changed_at=now))
        return after

    def _checked(self, patch: SettingsPatch) -> dict[str, Any]:
        given = {
            name: value for name in patch.__struct_fields__ if (value := getattr(patch, name)) is not UNSET
        }
        faults = [
            FieldError(name, f"{name}_unknown", f"there is no such {name}")
            for name, offered in self._offered.items()
            if given.get(name) is not None and given[name] not in offered
        ]
        if faults:
            raise InvalidInput(fields=faults)
        if "hidden_content" in given:
            given["hidden_content"] = tuple(sorted(set(given["hidden_content"])))
        return given
