"""Keys of minutes for pipelines, in the name of somebody who trusts them. Developer has proof of the pipeline; here the rights are looked at."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import Forbidden
from samovar.kit.identity import Permissions
from samovar.kit.ids import IdSource
from samovar.services.auth import repository as shared
from samovar.services.auth.api_keys import domain, repository
from samovar.services.auth.api_keys.schemas import ApiKeyMade
from samovar.services.auth.audit import Audit
from samovar.services.auth.errors import TooManyApiKeys
from samovar.services.auth.roles import places
from samovar.services.auth.sessions import beginning
from samovar.services.auth.tokens import keys

MINTED_PER_ACCOUNT_MAX = 100
MINUTES_MAX = 60


class Trusted(NamedTuple):
    """Who trusts a pipeline, with what.

    Attributes:
        name: What lists show: the repository.
        minutes: How long the key lives.
    """

    account_id: UUID
    organisation_id: UUID
    game_id: UUID
    scope: str
    name: str = ""
    minutes: int = MINUTES_MAX


class Minting:
    """Mints keys."""

    def __init__(
        self,
        database: Database,
        *,
        permissions: Permissions,
        audit: Audit,
        clock: Clock,
        new_id: IdSource,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._permissions = permissions
        self._audit = audit
        self._clock = clock
        self._new_id = new_id
        self._random_bytes = random_bytes

    async def check(self, trusted: Trusted) -> str:
        """Return the scope that a key would have.

        Raises:
            Forbidden: As `mint`, and so is `InvalidInput`.
        """
        async with self._database.transaction() as tx:
            return await self._scope(tx, trusted, self._clock.now())

    async def mint(self, trusted: Trusted, address: str) -> ApiKeyMade:
        """Make a key that holds in one game alone.

        Raises:
            Forbidden: Whoever trusts the pipeline is no editor of the game any more.
            InvalidInput: They may do nothing of the scope.
            TooManyApiKeys: As many live in their name as may.
        """
        key = keys.key_of(self._random_bytes(keys.SECRET_BYTES))
        async with self._database.transaction() as tx:
            now = self._clock.now()
            scope = await self._scope(tx, trusted, now)
            if (
                await repository.count_live(tx, trusted.account_id, now, minted=True)
                >= MINTED_PER_ACCOUNT_MAX
            ):
                raise TooManyApiKeys(limit=MINTED_PER_ACCOUNT_MAX)
            key_id, expires_at = self._new_id(), now + timedelta(minutes=trusted.minutes)
            await beginning.begin_api_key(
                tx,
                key_id,
                trusted.account_id,
                scope=scope,
                name=trusted.name,
                address=address,
                now=now,
                expires_at=expires_at,
            )
            await repository.insert_key(
                tx,
                key_id,
                key_hash=keys.digest_of(key),
                hint=keys.hint_of(key),
                organisation_id=trusted.organisation_id,
                game_id=trusted.game_id,
                networks=(),
            )
            await self._audit.done(
                tx,
                "api_key.minted",
                account_id=trusted.account_id,
                session_id=key_id,
                address=address,
                scope=scope,
                name=trusted.name,
            )
        return ApiKeyMade(
            id=key_id,
            key=key,
            name=trusted.name,
            hint=keys.hint_of(key),
            scope=scope,
            organisation_id=trusted.organisation_id,
            game_id=trusted.game_id,
            networks=(),
            created_at=now,
            expires_at=expires_at,
        )

    async def _scope(self, tx: Transaction, trusted: Trusted, now: datetime) -> str:
        account = await shared.lock_account_by_id(tx, trusted.account_id)
        if account is None or not await places.edits_game(
            tx, trusted.account_id, trusted.organisation_id, trusted.game_id, now
        ):
            raise Forbidden(f"{trusted.account_id} is no editor of {trusted.game_id}")
        roles, _ = domain.narrowed(account.roles, account.grants, trusted.organisation_id, trusted.game_id)
        return domain.checked_scope(trusted.scope, self._permissions.held_by(roles))
