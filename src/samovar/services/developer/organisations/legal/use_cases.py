"""What one can do with legal details, and what the registers say of them."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.developer.contract.events import OrganisationConfirmed
from samovar.services.developer.errors import OrganisationNotFound
from samovar.services.developer.organisations.legal import domain, repository
from samovar.services.developer.organisations.legal.domain import Entry, Numbers
from samovar.services.developer.organisations.legal.errors import ClaimNotFound, InnTaken
from samovar.services.developer.organisations.legal.registers.port import RegisterAway, Registers
from samovar.services.developer.organisations.legal.repository import DueClaim
from samovar.services.developer.organisations.legal.schemas import (
    ClaimKey,
    Legal,
    LegalClaim,
    LegalDetails,
)
from samovar.services.developer.rights import EDIT, READ, Rights

LEASE = timedelta(minutes=2)
# The register of the self-employed takes two questions a minute.
ASKED_AT_ONCE = 2
MOSCOW = ZoneInfo("Europe/Moscow")

log = structlog.get_logger(__name__)


class LegalClaims:
    """What organisations say that they are, and what holds.

    Args:
        registers: Which register knows which form; for the others a person decides.
    """

    def __init__(
        self, database: Database, *, registers: Registers, rights: Rights, clock: Clock, new_id: IdSource
    ) -> None:
        self._database = database
        self._registers = registers
        self._rights = rights
        self._clock = clock
        self._new_id = new_id

    async def show(self, caller: Caller, organisation_id: UUID) -> Legal:
        """Return what holds, and what was said last.

        Raises:
            OrganisationNotFound: There is none, or the caller is neither of its owners and finance people, nor staff.
        """
        self._require(caller, READ, organisation_id)
        return await self._read(self._database, organisation_id)

    async def claim(self, caller: Caller, organisation_id: UUID, details: LegalDetails) -> Legal:
        """Say what an organisation is. What was confirmed before holds until this is.

        Raises:
            InnTaken: Another organisation is confirmed with this number.
            InvalidInput: A number has a wrong check digit, or things do not go together.
            OrganisationNotFound: There is none, or the caller is neither of its owners nor of its finance people.
        """
        self._require(caller, EDIT, organisation_id)
        _require_right(details)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            if not await repository.lock_organisation(tx, organisation_id):
                raise OrganisationNotFound(f"{organisation_id}")
            if await repository.is_taken(tx, details.inn, by_others_than=organisation_id):
                raise InnTaken(details.inn)
            await repository.replace(tx, organisation_id, "checking", now)
            has_register = details.legal_form in self._registers
            await repository.insert(
                tx,
                self._new_id(),
                organisation_id,
                details,
                account_id=caller.account_id,
                finding=None if has_register else "no_register",
                next_try_at=now if has_register else None,
                now=now,
            )
            return await self._read(tx, organisation_id)

    async def confirm(self, caller: Caller, organisation_id: UUID, reason: str) -> Legal:
        """Confirm what an organisation says, as a member of staff.

        Raises:
            ClaimNotFound: There is nothing to decide.
            InnTaken: Another organisation was confirmed with this number meanwhile.
        """
        async with self._database.transaction() as tx:
            claim = await self._lock_open(tx, organisation_id)
            confirmed = msgspec.structs.replace(claim, state="confirmed", finding="by_hand", reason=reason)
            if not await self._confirm(tx, confirmed, actor_id=caller.account_id):
                raise InnTaken(claim.inn)
            return await self._read(tx, organisation_id)

    async def refuse(self, caller: Caller, organisation_id: UUID, reason: str) -> Legal:
        """Refuse what an organisation says, as a member of staff.

        Raises:
            ClaimNotFound: There is nothing to decide.
        """
        async with self._database.transaction() as tx:
            claim = await self._lock_open(tx, organisation_id)
            refused = msgspec.structs.replace(claim, state="refused", finding="by_hand", reason=reason)
            await repository.decide(tx, refused, actor_id=caller.account_id, now=self._clock.now())
            return await self._read(tx, organisation_id)

    async def list_open(self, *, cursor: str | None, limit: int) -> Page[LegalClaim]:
        """Return what is to be decided, the oldest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, ClaimKey)
        rows = await repository.list_open(self._database, after, limit + 1)
        return page_of(rows, limit, lambda row: ClaimKey(row.claimed_at, row.id))

    async def ask_registers(self) -> None:
        """Ask about the claims whose time has come, and write down what is said."""
        async with self._database.transaction() as tx:
            due = await repository.claim_due(tx, now=self._clock.now(), lease=LEASE, limit=ASKED_AT_ONCE)
        for claim in due:
            await self._ask(claim)

    async def _ask(self, claim: DueClaim) -> None:
        register = self._registers.get(claim.legal_form)
        if register is None:
            await self._put_off(claim, "no_register", is_last=True)
            return
        try:
            entry = await register.find(claim.inn, self._clock.now().astimezone(MOSCOW).date())
        except RegisterAway as error:
            log.warning("a register does not answer", legal_form=claim.legal_form, error=str(error))
            await self._put_off(claim, "register_away", is_last=claim.tries >= len(domain.WAITS_MIN))
            return
        await self._conclude(claim, entry)

    async def _conclude(self, claim: DueClaim, entry: Entry | None) -> None:
        refusal = domain.refusal_of(_numbers_of(claim), entry)
        async with self._database.transaction() as tx:
            current = await repository.lock_open(tx, claim.organisation_id, claim.id)
            if current is None:
                # It was replaced or decided while the register was asked.
                return
            if refusal is None and entry is not None:
                confirmed = msgspec.structs.replace(
                    current,
                    state="confirmed",
                    finding=None,
                    legal_name=entry.name or current.legal_name,
                    kpp=entry.kpp or current.kpp,
                    ogrn=entry.ogrn or current.ogrn,
                )
                if await self._confirm(tx, confirmed, actor_id=None):
                    return
                refusal = "inn_taken"
            refused = msgspec.structs.replace(current, state="refused", finding=refusal)
            await repository.decide(tx, refused, actor_id=None, now=self._clock.now())

    async def _put_off(self, claim: DueClaim, finding: str, *, is_last: bool) -> None:
        wait = timedelta(minutes=domain.WAITS_MIN[min(claim.tries, len(domain.WAITS_MIN)) - 1])
        async with self._database.transaction() as tx:
            await repository.put_off(
                tx, claim.id, finding=finding, next_try_at=None if is_last else self._clock.now() + wait
            )

    async def _confirm(self, tx: Transaction, claim: LegalClaim, *, actor_id: UUID | None) -> bool:
        """Let a claim hold, unless another organisation has the number."""
        now = self._clock.now()
        await repository.lock_taxpayer(tx, claim.inn)
        if await repository.is_taken(tx, claim.inn, by_others_than=claim.organisation_id):
            return False
        await repository.replace(tx, claim.organisation_id, "confirmed", now)
        await repository.decide(tx, claim, actor_id=actor_id, now=now)
        await tx.publish(
            OrganisationConfirmed(
                organisation_id=claim.organisation_id,
                legal_form=claim.legal_form,
                legal_name=claim.legal_name or "",
                inn=claim.inn,
                kpp=claim.kpp,
                ogrn=claim.ogrn,
                confirmed_at=now,
            )
        )
        return True

    async def _lock_open(self, tx: Transaction, organisation_id: UUID) -> LegalClaim:
        claim = await repository.lock_open(tx, organisation_id, None)
        if claim is None:
            raise ClaimNotFound(f"{organisation_id}")
        return claim

    def _require(self, caller: Caller, permission: str, organisation_id: UUID) -> None:
        self._rights.require(caller, permission, "owner", "finance", organisation_id=organisation_id)

    @staticmethod
    async def _read(reader: Database | Transaction, organisation_id: UUID) -> Legal:
        return Legal(
            confirmed=await repository.confirmed(reader, organisation_id),
            latest=await repository.latest(reader, organisation_id),
        )


def _numbers_of(claim: LegalClaim | LegalDetails) -> Numbers:
    return Numbers(legal_form=claim.legal_form, inn=claim.inn, kpp=claim.kpp, ogrn=claim.ogrn)


def _require_right(details: LegalDetails) -> None:
    faults = domain.faults_of(_numbers_of(details), has_name=details.legal_name is not None)
    if faults:
        fields = [FieldError(field, code, code.replace("_", " ")) for field, code in faults]
        raise InvalidInput(f"{details.legal_form}: {faults}", fields=fields)
