"""Who is paid, as organisations and finance keep it."""

from datetime import date, timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.rest.etags import require_match
from samovar.services.payment.contract.payouts_events import PayeeChanged
from samovar.services.payment.moscow import day_of
from samovar.services.payment.payouts.errors import PayeeNotFound
from samovar.services.payment.payouts.payees import repository
from samovar.services.payment.payouts.payees.domain import (
    Identity,
    faults_of,
    faults_of_contract,
    faults_of_words,
)
from samovar.services.payment.payouts.payees.schemas import Payee, PayeeDetails, PayeeVersion
from samovar.services.payment.payouts.rights import EDIT_PAYEES, Rights


class VersionKey(msgspec.Struct, frozen=True):
    """What the history of a payee is sorted by."""

    version: int


class Payees:
    """Payees, each written by its organisation or by finance, every version kept.

    Args:
        wait: How long nothing is paid out to new bank details.
    """

    def __init__(self, database: Database, *, rights: Rights, wait: timedelta, clock: Clock) -> None:
        self._database = database
        self._rights = rights
        self._wait = wait
        self._clock = clock

    async def show(self, caller: Caller, organisation_id: UUID) -> Payee:
        """Return a payee.

        Raises:
            PayeeNotFound: There is none, or it is not the caller's to know.
        """
        self._rights.require(caller, EDIT_PAYEES, organisation_id)
        kept = await repository.find_payee(self._database, organisation_id)
        if kept is None:
            raise PayeeNotFound(f"{organisation_id}")
        return kept.payee

    async def change(
        self, caller: Caller, organisation_id: UUID, details: PayeeDetails, *, if_match: str | None
    ) -> Payee:
        """Write a payee. New bank details wait a while before anything goes there.

        Raises:
            PayeeNotFound: The organisation is not the caller's.
            InvalidInput: A number has a wrong check digit, things do not go together, the contract is of a day to come, or a line
                holds what nobody sees.
            PreconditionFailed: Somebody has changed it since the caller saw it.
        """
        self._rights.require(caller, EDIT_PAYEES, organisation_id)
        now = self._clock.now()
        _require_right(details, day_of(now))
        async with self._database.transaction() as tx:
            kept = await repository.lock_payee(tx, organisation_id)
            require_match(if_match, kept and kept.payee)
            if kept and kept.payee.details == details:
                return kept.payee
            is_new_bank = kept is None or _bank_of(kept.payee.details) != _bank_of(details)
            waits_until = now + self._wait if kept is None or is_new_bank else kept.payee.waits_until
            payee = await repository.put_payee(
                tx,
                organisation_id,
                details,
                keeper_id=caller.account_id if kept is None or is_new_bank else kept.keeper_id,
                waits_until=waits_until,
                now=now,
            )
            return await self._keep(tx, payee, caller, reason=None, is_new_bank=is_new_bank)

    async def freeze(self, caller: Caller, organisation_id: UUID, reason: str, once: Once) -> Payee:
        """Pay nothing out to an organisation, until it is thawed.

        Raises:
            PayeeNotFound: There is no such payee.
        """
        return await self._freeze(caller, organisation_id, reason, once, is_frozen=True)

    async def thaw(self, caller: Caller, organisation_id: UUID, reason: str, once: Once) -> Payee:
        """Let an organisation be paid again.

        Raises:
            PayeeNotFound: There is no such payee.
        """
        return await self._freeze(caller, organisation_id, reason, once, is_frozen=False)

    async def history(
        self, caller: Caller, organisation_id: UUID, *, cursor: str | None, limit: int
    ) -> Page[PayeeVersion]:
        """Return what a payee was, the newest first.

        Raises:
            PayeeNotFound: The organisation is not the caller's.
        """
        self._rights.require(caller, EDIT_PAYEES, organisation_id)
        after = decode_cursor(cursor, VersionKey)
        rows = await repository.find_versions(
            self._database, organisation_id, after.version if after else None, limit + 1
        )
        return page_of(rows, limit, lambda row: VersionKey(row.version))

    async def _freeze(
        self, caller: Caller, organisation_id: UUID, reason: str, once: Once, *, is_frozen: bool
    ) -> Payee:
        async with self._database.transaction() as tx:
            kept = await repository.lock_payee(tx, organisation_id)
            if kept and not is_frozen and kept.payee.frozen_reason is None:
                return await once.answer(tx, kept.payee)
            payee = await repository.set_frozen(
                tx, organisation_id, reason if is_frozen else None, self._clock.now()
            )
            return await once.answer(
                tx, await self._keep(tx, payee, caller, reason=reason, is_new_bank=False)
            )

    @staticmethod
    async def _keep(
        tx: Transaction, payee: Payee | None, caller: Caller, *, reason: str | None, is_new_bank: bool
    ) -> Payee:
        if payee is None:
            raise PayeeNotFound
        await repository.add_version(tx, payee, actor_id=caller.account_id, reason=reason)
        await repository.add_regime(tx, payee)
        await tx.publish(
            PayeeChanged(
                organisation_id=payee.organisation_id,
                actor_id=caller.account_id,
                is_new_bank=is_new_bank,
                is_frozen=payee.frozen_reason is not None,
                waits_until=payee.waits_until,
                changed_at=payee.changed_at,
                version=payee.version,
            )
        )
        return payee


def _bank_of(details: PayeeDetails) -> tuple[str, str]:
    return details.bik, details.bank_number


def _require_right(details: PayeeDetails, today: date) -> None:
    identity = Identity(
        legal_form=details.legal_form,
        inn=details.inn,
        kpp=details.kpp,
        ogrn=details.ogrn,
        tax_regime=details.tax_regime,
        vat_regime=details.vat_regime,
        bik=details.bik,
        bank_number=details.bank_number,
    )
    words = {
        "name": details.name,
        "legal_address": details.legal_address,
        "contract_number": details.contract_number,
        "bank_name": details.bank_name,
    }
    faults = [
        *faults_of(identity),
        *faults_of_words(words),
        *faults_of_contract(details.contract_date, today),
    ]
    if faults:
        fields = [FieldError(field, code, code.replace("_", " ")) for field, code in faults]
        raise InvalidInput(f"{details.legal_form}: {faults}", fields=fields)
