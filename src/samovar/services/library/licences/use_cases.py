"""What one can do with licences."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.services.library.errors import GameNotFound, LicenceNotFound, SourceConflict
from samovar.services.library.licences import domain, repository
from samovar.services.library.licences.domain import Licence, Wanted
from samovar.services.library.licences.schemas import GameKey, OwnedGame, OwnedGameDetails

EXPIRED_AT_ONCE_MAX = 500


class Licences:
    """The licences of all players."""

    def __init__(self, database: Database, *, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def check(self, account_id: UUID, app_ids: Sequence[UUID]) -> dict[UUID, datetime]:
        """Return which of these apps an account may use, and since when."""
        return await repository.check(self._database, account_id, app_ids, self._clock.now())

    async def grant(self, wanted: Wanted) -> tuple[Licence, bool]:
        """Give an account a licence, once for each name that its source gives it.

        Returns:
            The licence, and whether it is new. One that was revoked since stays revoked.

        Raises:
            InvalidInput: A field breaks a rule.
            SourceConflict: The source has granted something else under this name.
        """
        _require(domain.faults_of_source(wanted.source, wanted.source_id))
        now = self._clock.now()
        async with self._database.transaction() as tx:
            present = await repository.find_by_source(tx, wanted.source, wanted.source_id)
            if present is None:
                _require(domain.faults_of(wanted, now))
                licence = self._licence(wanted, now)
                if await repository.insert(tx, licence):
                    await tx.publish(_granted(licence))
                    return licence, True
                # Another call with the same name came first, and has committed.
                present = await repository.find_by_source(tx, wanted.source, wanted.source_id)
        if present is None or not present.is_what(wanted):
            raise SourceConflict(f"{wanted.source} {wanted.source_id} granted something else")
        return present, False

    async def revoke(self, licence_id: UUID, *, reason: str) -> Licence:
        """Take a licence back; one that is revoked stays as it is.

        Raises:
            InvalidInput: The reason is no word.
            LicenceNotFound: There is none with this id.
        """
        async with self._database.transaction() as tx:
            return await self._end(tx, await repository.find(tx, licence_id), reason)

    async def revoke_granted(self, source: str, source_id: str, *, reason: str) -> Licence:
        """Take back what a source has granted under a name of its own.

        Raises:
            InvalidInput: The reason is no word, or this can be no name.
            LicenceNotFound: It has granted nothing under it.
        """
        _require(domain.faults_of_source(source, source_id))
        async with self._database.transaction() as tx:
            return await self._end(tx, await repository.find_by_source(tx, source, source_id), reason)

    async def expire(self) -> None:
        """End all licences whose time is over."""
        while await self._expire_some() == EXPIRED_AT_ONCE_MAX:
            pass

    async def list_licences(
        self, account_id: UUID | None, after_id: UUID | None, limit: int
    ) -> list[Licence]:
        """Return a page of licences, of one account or of all, in the order of their ids."""
        return await repository.list_licences(self._database, account_id, after_id, limit)

    async def games(self, account_id: UUID, cursor: str | None, limit: int) -> Page[OwnedGame]:
        """Return a page of what an account may use, the newest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, GameKey)
        rows = await repository.list_games(self._database, account_id, after, limit + 1, self._clock.now())
        return page_of(rows, limit, lambda row: GameKey(row.since, row.game_id))

    async def game(self, account_id: UUID, game_id: UUID) -> OwnedGameDetails:
        """Return a game that an account may use.

        Raises:
            GameNotFound: It has no licence that opens it.
        """
        now = self._clock.now()
        game = await repository.find_game(self._database, account_id, game_id, now)
        if game is None:
            raise GameNotFound
        licences = await repository.licences_of_game(self._database, account_id, game_id, now)
        return OwnedGameDetails(
            game_id=game.game_id,
            since=game.since,
            expires_at=game.expires_at,
            kinds=game.kinds,
            licences=licences,
        )

    async def _end(self, tx: Transaction, licence: Licence | None, reason: str) -> Licence:
        if not domain.is_word(reason):
            _require([FieldError("reason", "invalid", "lower-case letters and `_`, at most 32")])
        if licence is None:
            raise LicenceNotFound
        if licence.revoked_at is not None:
            return licence
        now = self._clock.now()
        await repository.revoke(tx, licence.id, reason, now)
        ended = msgspec.structs.replace(licence, revoked_at=now, revoke_reason=reason)
        await tx.publish(_revoked(ended, now, reason))
        return ended

    async def _expire_some(self) -> int:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            ended = await repository.expire(tx, now, EXPIRED_AT_ONCE_MAX)
            await tx.publish_many([_revoked(licence, now, domain.EXPIRED) for licence in ended])
        return len(ended)

    def _licence(self, wanted: Wanted, now: datetime) -> Licence:
        return Licence(
            id=self._new_id(),
            account_id=wanted.account_id,
            package_id=wanted.package_id,
            app_ids=tuple(dict.fromkeys(wanted.app_ids)),
            kind=wanted.kind,
            source=wanted.source,
            source_id=wanted.source_id,
            granted_at=now,
            expires_at=wanted.expires_at,
            revoked_at=None,
            revoke_reason=None,
        )


def _require(faults: list[FieldError]) -> None:
    """Refuse what has faults."""
    if faults:
        raise InvalidInput(", ".join(fault.field for fault in faults), fields=faults)


def _granted(licence: Licence) -> LicenceGranted:
    return LicenceGranted(
        licence_id=licence.id,
        account_id=licence.account_id,
        app_ids=licence.app_ids,
        package_id=licence.package_id,
        kind=licence.kind,
        granted_at=licence.granted_at,
        expires_at=licence.expires_at,
        source=licence.source,
        source_id=licence.source_id,
    )


def _revoked(licence: Licence, revoked_at: datetime, reason: str) -> LicenceRevoked:
    return LicenceRevoked(
        licence_id=licence.id,
        account_id=licence.account_id,
        app_ids=licence.app_ids,
        package_id=licence.package_id,
        kind=licence.kind,
        granted_at=licence.granted_at,
        expires_at=licence.expires_at,
        revoked_at=revoked_at,
        reason=reason,
        source=licence.source,
        source_id=licence.source_id,
    )
