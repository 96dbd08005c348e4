"""What a player can see of their money here."""

from datetime import UTC, date, datetime, time, timedelta

from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.i18n import Catalogue, Language
from samovar.kit.identity import Caller
from samovar.kit.money import Money
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, code_of
from samovar.services.payment.wallet import repository, table
from samovar.services.payment.wallet.domain import STEPS
from samovar.services.payment.wallet.repository import EntryRow
from samovar.services.payment.wallet.schemas import EntryFilters, EntryKey, WalletEntry, WalletView

EXPORTED_MAX = 10_000
_DAY = timedelta(days=1)


class Wallet:
    """Reads a player's wallet and bonus money.

    Args:
        catalogue: Where codes and columns have their names.
    """

    def __init__(self, database: Database, *, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    async def show(self, caller: Caller, currency: str) -> WalletView:
        """Return what the caller can pay with in a currency; of one that they never had it is nothing."""
        wallet = Account(Kind.WALLET, str(caller.account_id), currency)
        bonus = Account(Kind.BONUS, str(caller.account_id), currency)
        found = await posting.balances(self._database, [wallet, bonus])
        return WalletView(
            balance=Money(found[wallet].available, currency),
            bonus=Money(found[bonus].available, currency),
            pending=Money(found[wallet].debits_pending + found[bonus].debits_pending, currency),
        )

    async def history(
        self, caller: Caller, filters: EntryFilters, cursor: str | None, limit: int, language: Language
    ) -> Page[WalletEntry]:
        """Return a page of the caller's history, the newest first.

        Raises:
            InvalidInput: The cursor is not one of this list, or two filters exclude each other.
        """
        after = decode_cursor(cursor, EntryKey)
        rows = await self._rows(caller, filters, after, limit + 1)
        page = page_of(rows, limit, lambda row: EntryKey(row.id))
        return Page([self._entry(row, filters.currency, language) for row in page.items], page.next_cursor)

    async def export(self, caller: Caller, filters: EntryFilters, language: Language) -> bytes:
        """Return the caller's history as CSV, the newest `EXPORTED_MAX` lines of it.

        Raises:
            InvalidInput: Two filters exclude each other.
        """
        rows = await self._rows(caller, filters, None, EXPORTED_MAX)
        entries = [self._entry(row, filters.currency, language) for row in rows]
        return table.write(entries, self._catalogue, language)

    async def _rows(
        self, caller: Caller, filters: EntryFilters, after: EntryKey | None, limit: int
    ) -> list[EntryRow]:
        _require_sense(filters)
        return await repository.list_entries(
            self._database,
            caller.account_id,
            filters,
            since=_midnight(filters.since) if filters.since else None,
            # The day after the last one there is has no date.
            until=_midnight(filters.until + _DAY) if filters.until and filters.until < date.max else None,
            after=after.id if after else None,
            limit=limit,
        )

    def _entry(self, row: EntryRow, currency: str, language: Language) -> WalletEntry:
        code = code_of(row.code)
        return WalletEntry(
            id=row.id,
            money="wallet" if row.money == Kind.WALLET else "bonus",
            code=code,
            title=self._catalogue.text(f"payment.ledger_code.{code}", language),
            step=STEPS[row.step],
            change=Money(row.change, currency),
            balance=Money(row.balance, currency),
            cause_id=row.cause_id,
            created_at=row.created_at,
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _require_sense(filters: EntryFilters) -> None:
    if filters.since and filters.until and filters.since > filters.until:
        raise InvalidInput("no day", fields=[FieldError("until", "before_since", "before the first day")])
    low, high = filters.amount_min, filters.amount_max
    if low is not None and high is not None and low > high:
        raise InvalidInput("no amount", fields=[FieldError("amount_max", "below_min", "below amount_min")])
