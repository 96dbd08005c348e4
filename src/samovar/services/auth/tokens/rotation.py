"""How signing keys follow each other without a gap; the rule is `domain.due_key_change`."""

from datetime import timedelta

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.auth import repository
from samovar.services.auth.domain import KeyChange, KeyDates, due_key_change
from samovar.services.auth.repository import StoredKey
from samovar.services.auth.tokens.sealing import Sealer
from samovar.services.auth.tokens.signing import Signer, make_key


class SigningKeys:
    """Keeps the signer of this process in keys, and lets them follow each other."""

    def __init__(
        self, database: Database, *, signer: Signer, sealer: Sealer, signs_for: timedelta, clock: Clock
    ) -> None:
        self._database = database
        self._signer = signer
        self._sealer = sealer
        self._signs_for = signs_for
        self._clock = clock

    async def refresh(self) -> None:
        """Make or withdraw keys where that is due, and hand all to the signer."""
        keys = await repository.list_keys(self._database)
        if self._due(keys):
            async with self._database.transaction() as tx:
                change = self._due(await repository.lock_keys(tx))
                if change.create_from:
                    key = make_key(self._sealer, signs_from=change.create_from, now=self._clock.now())
                    await repository.insert_key(tx, key)
                await repository.delete_keys(tx, change.withdraw)
            keys = await repository.list_keys(self._database)
        self._signer.hold(keys)

    def _due(self, keys: list[StoredKey]) -> KeyChange:
        dates = [KeyDates(key.kid, key.signs_from) for key in keys]
        return due_key_change(dates, self._clock.now(), signs_for=self._signs_for)
