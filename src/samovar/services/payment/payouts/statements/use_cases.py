"""Acts with the agent's report: made once of a month that is over, then only shown."""

from datetime import date, timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.identity import Caller
from samovar.kit.money import Money
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.moscow import day_of
from samovar.services.payment.payouts.domain import CURRENCY, bounds_of, month_before, month_of, month_text
from samovar.services.payment.payouts.errors import StatementNotFound
from samovar.services.payment.payouts.payees.keeping import find_kept
from samovar.services.payment.payouts.rights import READ_PAYOUTS, Rights
from samovar.services.payment.payouts.statements import repository
from samovar.services.payment.payouts.statements.repository import Kept, RegisterLine, Span
from samovar.services.payment.payouts.statements.schemas import (
    Document,
    Seller,
    Statement,
    StatementLine,
)
from samovar.services.payment.revenue.domain import WHOLE_PERCENT
from samovar.services.payment.revenue.vat import VatRegime, vat_percent_of

# What was split in the last second of a month is written by then.
SETTLED_AFTER = timedelta(hours=1)
PACKAGES_MAX = 5_000
REGISTER_MAX = 10_000
ISSUED_AT_ONCE_MAX = 100


class StatementKey(msgspec.Struct, frozen=True):
    """What the list of acts is sorted by."""

    number: int


class Statements:
    """Acts.

    Args:
        seller: The platform, as acts name it.
        vat_regime: Under which it pays VAT of its fee.
    """

    def __init__(
        self, database: Database, *, rights: Rights, seller: Seller, vat_regime: VatRegime, clock: Clock
    ) -> None:
        self._database = database
        self._rights = rights
        self._seller = seller
        self._vat_regime = vat_regime
        self._clock = clock

    async def show(
        self, caller: Caller, organisation_id: UUID, month: str, currency: str = CURRENCY
    ) -> Statement:
        """Return the act of a month; whoever asks first has it made.

        Raises:
            PayeeNotFound: The organisation is not the caller's.
            StatementNotFound: The month is not over, nothing happened in it, or nobody knows who is paid.
        """
        self._rights.require(caller, READ_PAYOUTS, organisation_id)
        period = month_of(month)
        kept = await repository.find_statement(self._database, organisation_id, currency, period)
        kept = kept or await self._issue(organisation_id, currency, period)
        if kept is None:
            raise StatementNotFound(f"{organisation_id} {month}")
        return _statement_of(kept)

    async def list_own(
        self, caller: Caller, organisation_id: UUID, *, cursor: str | None, limit: int
    ) -> Page[StatementLine]:
        """Return the acts of an organisation, the newest first.

        Raises:
            PayeeNotFound: It is not the caller's.
        """
        self._rights.require(caller, READ_PAYOUTS, organisation_id)
        after = decode_cursor(cursor, StatementKey)
        rows = await repository.find_statements(
            self._database, organisation_id, after.number if after else None, limit + 1
        )
        page = page_of(rows, limit, lambda row: StatementKey(row.number))
        return Page([_line_of(row) for row in page.items], page.next_cursor)

    async def register(self, month: str) -> list[RegisterLine]:
        """Return the payouts of a month that were approved, for the bank."""
        return await repository.find_register(self._database, month_of(month), REGISTER_MAX)

    async def issue_wanting(self) -> int:
        """Make acts of last month that nobody has asked for, and return how many were wanting."""
        period = month_before(day_of(self._clock.now() - SETTLED_AFTER))
        begins_at, ends_at = bounds_of(period)
        wanting = await repository.find_wanting(
            self._database, period, begins_at, ends_at, ISSUED_AT_ONCE_MAX
        )
        for one in wanting:
            await self._issue(one.organisation_id, one.currency, period)
        return len(wanting)

    async def _issue(self, organisation_id: UUID, currency: str, period: date) -> Kept | None:
        now = self._clock.now()
        begins_at, ends_at = bounds_of(period)
        if now < ends_at + SETTLED_AFTER:
            return None
        span = Span(owner=str(organisation_id), currency=currency, begins_at=begins_at, ends_at=ends_at)
        async with self._database.transaction() as tx:
            document = await self._write(tx, organisation_id, span)
            if document is None:
                return None
            await repository.add_statement(tx, organisation_id, currency, period, document, now)
            return await repository.find_statement(tx, organisation_id, currency, period)

    async def _write(self, tx: Transaction, organisation_id: UUID, span: Span) -> Document | None:
        payee = await find_kept(tx, organisation_id)
        payable = Account(Kind.PAYABLE, span.owner, span.currency).id
        reserve = Account(Kind.RESERVE, span.owner, span.currency).id
        movements = await repository.movements_in(tx, payable, span)
        if payee is None or not movements:
            return None
        sold = await repository.sold_in(tx, span, PACKAGES_MAX)
        refunded = await repository.refunded_in(tx, span, PACKAGES_MAX)
        commission = sum(one.commission for one in sold) - sum(one.commission for one in refunded)
        percent = vat_percent_of(self._vat_regime, day_of(span.ends_at - timedelta(seconds=1)))
        opening = await repository.balance_at(tx, payable, span.begins_at)
        return Document(
            payee=payee.payee.details,
            seller=self._seller,
            sold=tuple(sold),
            refunded=tuple(refunded),
            commission=commission,
            commission_vat=Money(commission, span.currency).share(percent, WHOLE_PERCENT + percent).amount,
            commission_vat_percent=percent,
            opening=opening,
            movements=tuple(movements),
            closing=opening + sum(one.amount for one in movements),
            reserve=await repository.balance_at(tx, reserve, span.ends_at),
        )


def _statement_of(kept: Kept) -> Statement:
    begins_at, ends_at = bounds_of(kept.period)
    return Statement(
        organisation_id=kept.organisation_id,
        number=_number_of(kept),
        period=month_text(kept.period),
        currency=kept.currency,
        begins_on=begins_at.date(),
        ends_on=(ends_at - timedelta(days=1)).date(),
        issued_at=kept.issued_at,
        document=kept.document,
    )


def _line_of(kept: Kept) -> StatementLine:
    return StatementLine(
        number=_number_of(kept),
        period=month_text(kept.period),
        currency=kept.currency,
        commission=kept.document.commission,
        closing=kept.document.closing,
        issued_at=kept.issued_at,
    )


def _number_of(kept: Kept) -> str:
    return f"{month_text(kept.period)}/{kept.number}"
