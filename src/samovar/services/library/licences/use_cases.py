"""What one can do with licences."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.services.library.errors import LicenceNotFound, SourceConflict
from samovar.services.library.licences import domain, granting, repository
from samovar.services.library.licences.domain import Licence, Wanted
from samovar.services.library.licences.schemas import Held
from samovar.services.payment.contract.events import GiftAccepted, PaidLine, RefundStarted

EXPIRED_AT_ONCE_MAX = 500
ORDER, REFUNDED, CHARGEBACK = "order", "refunded", "chargeback"


class Licences:
    """The licences of all players."""

    def __init__(self, database: Database, *, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def check(self, account_id: UUID, app_ids: Sequence[UUID]) -> dict[UUID, Held]:
        """Return what an account has, or had, of these apps: which it may use, since when, and how long it played each."""
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
                new = await granting.grant(tx, [wanted], new_id=self._new_id, now=now)
                if new:
                    return new[0], True
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

    async def _end(self, tx: Transaction, licence: Licence | None, reason: str) -> Licence:
        if not domain.is_word(reason):
            _require([FieldError("reason", "invalid", "lower-case letters and `_`, at most 32")])
        if licence is None:
            raise LicenceNotFound
        if licence.revoked_at is not None:
            return licence
        (ended,) = await granting.revoke(tx, [licence], reason=reason, now=self._clock.now())
        return ended

    async def _expire_some(self) -> int:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            return await granting.expire(tx, now=now, limit=EXPIRED_AT_ONCE_MAX)


class Purchases:
    """What payment has sold and what goes back: each line of an order is the name of one licence."""

    def __init__(self, *, clock: Clock, new_id: IdSource) -> None:
        self._clock = clock
        self._new_id = new_id

    async def give(self, tx: Transaction, lines: Sequence[PaidLine]) -> None:
        """Give the licence of each line, once, unless it was refunded before."""
        await granting.grant(
            tx,
            [
                Wanted(
                    account_id=line.recipient_id,
                    package_id=line.package_id,
                    app_ids=line.app_ids,
                    kind="purchase",
                    source=ORDER,
                    source_id=str(line.line_id),
                )
                for line in lines
            ],
            new_id=self._new_id,
            now=self._clock.now(),
        )

    async def give_gift(self, tx: Transaction, gift: GiftAccepted) -> None:
        """Give the licence of a gift, once, unless it was refunded before."""
        wanted = Wanted(
            account_id=gift.recipient_id,
            package_id=gift.package_id,
            app_ids=gift.app_ids,
            kind="gift",
            source=ORDER,
            source_id=str(gift.line_id),
        )
        await granting.grant(tx, [wanted], new_id=self._new_id, now=self._clock.now())

    async def take_back(self, tx: Transaction, refund: RefundStarted) -> None:
        """End the licences of the lines, given or not; what is given for them later opens nothing."""
        await granting.withdraw(
            tx,
            [
                Wanted(
                    account_id=line.recipient_id,
                    package_id=line.package_id,
                    app_ids=line.app_ids,
                    kind="purchase",
                    source=ORDER,
                    source_id=str(line.line_id),
                )
                for line in refund.lines
            ],
            reason=CHARGEBACK if refund.reason == CHARGEBACK else REFUNDED,
            new_id=self._new_id,
            now=self._clock.now(),
        )


def _require(faults: list[FieldError]) -> None:
    """Refuse what has faults."""
    if faults:
        raise InvalidInput(", ".join(fault.field for fault in faults), fields=faults)
