"""Writing price matrices, many at once, in the transaction of the caller: for developers' routes and for imports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.kit.money import Money
from samovar.services.catalog.prices import repository as prices_repository
from samovar.services.catalog.prices.discounts.domain import (
    PriceChange,
    Refusal,
    as_fields,
    is_of_the_wish,
    judge_matrix,
)
from samovar.services.catalog.prices.domain import AMOUNT_MAX
from samovar.services.catalog.prices.errors import PricesRefused
from samovar.services.catalog.prices.holding import hold, moment_of, rules_for
from samovar.services.catalog.prices.matrix import repository
from samovar.services.catalog.prices.matrix.repository import NewBase
from samovar.services.catalog.prices.repository import Package, Reader
from samovar.services.catalog.prices.telling import tell

_FIRST_YEAR = 1


class MatrixWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A price matrix as it shall be.

    Attributes:
        prices: By region.
        keeps_others: A region that is not named keeps the price that it has; otherwise it loses it.
    """

    package_id: UUID
    prices: dict[str, Money]
    keeps_others: bool = False


class PastPrice(msgspec.Struct, frozen=True, kw_only=True):
    """What a package cost from a moment of the past on."""

    package_id: UUID
    region: str
    price: Money
    since: datetime


class MatrixWriter:
    """Writes price matrices."""

    def __init__(self, *, clock: Clock, new_id: IdSource) -> None:
        self._clock = clock
        self._new_id = new_id

    async def write(
        self, tx: Transaction, writes: Sequence[MatrixWrite], *, account_id: UUID | None = None
    ) -> None:
        """Set prices from this moment on. What does not change is left alone; packages that there are not are passed over.

        Raises:
            InvalidInput: A region is unknown, a currency is not the region's, an amount is below the least. Of more than one matrix
                the fields begin with its place: `[3].prices.RU`.
            PricesRefused: A discount freezes the prices, or one is raised too soon after the release.
        """
        currencies = await prices_repository.find_currencies(tx)
        faults = [
            _placed(fault, place, writes)
            for place, write in enumerate(writes)
            for fault in faults_of(write.prices, currencies)
        ]
        if faults:
            raise InvalidInput("a price matrix breaks a rule", fields=faults)
        held = await hold(tx, sorted({write.package_id for write in writes}))
        now = self._clock.now()
        changes = await self._judged(tx, writes, held, now)
        rows = self._rows(held, changes, currencies, account_id, now)
        if rows:
            await repository.close_bases(
                tx,
                [row.package_id for row in rows],
                [row.region for row in rows],
                [row.since for row in rows],
            )
            await repository.add_bases(tx, rows)
            await tell(tx, {(row.package_id, held[row.package_id].app_id) for row in rows}, self._clock.now())

    async def add_past(self, tx: Transaction, prices: Sequence[PastPrice]) -> None:
        """Write what packages cost before the first price that is known of each region; later ones are passed over.

        Only an operator may say so. Each holds until the next of the same region.

        Raises:
            InvalidInput: As `write`; the fields begin with the place: `[3].since`.
        """
        currencies = await prices_repository.find_currencies(tx)
        now = self._clock.now()
        faults = [
            msgspec.structs.replace(fault, field=f"[{place}].{fault.field}")
            for place, past in enumerate(prices)
            for fault in _faults_of_past(past, currencies, now)
        ]
        if faults:
            raise InvalidInput("a past price breaks a rule", fields=faults)
        held = await hold(tx, sorted({past.package_id for past in prices}))
        rows = _past_rows(held, prices, self._new_id)
        if rows:
            await repository.add_bases(tx, rows)
            await tell(tx, {(row.package_id, held[row.package_id].app_id) for row in rows}, now)

    async def _judged(
        self, tx: Transaction, writes: Sequence[MatrixWrite], held: Mapping[UUID, Package], now: datetime
    ) -> dict[UUID, list[PriceChange]]:
        version = await rules_for(tx, now)
        # Hundreds of countries share a few lists of regions.
        countries = sorted(
            {tuple(regions) for regions in (await prices_repository.find_all_regions(tx)).values()}
        )
        found: dict[UUID, list[PriceChange]] = {}
        refused: list[tuple[int, Refusal]] = []
        for place, write in enumerate(writes):
            package = held.get(write.package_id)
            if package is None:
                continue
            wanted = {**(asked(package) if write.keeps_others else {}), **write.prices}
            changes, refusals = judge_matrix(
                package.dated, wanted, version.rules, moment_of(package, now), countries
            )
            found[write.package_id] = changes
            refused += [(place, refusal) for refusal in refusals]
        if refused:
            kind = InvalidInput if any(is_of_the_wish(one) for _, one in refused) else PricesRefused
            fields = [_placed(as_fields([one])[0], place, writes) for place, one in refused]
            raise kind("prices were refused", fields=fields)
        return found

    def _rows(
        self,
        held: Mapping[UUID, Package],
        changes: Mapping[UUID, list[PriceChange]],
        currencies: Mapping[str, str],
        account_id: UUID | None,
        now: datetime,
    ) -> list[NewBase]:
        rows = []
        for package_id, of_package in changes.items():
            since = moment_of(held[package_id], now)
            rows += [
                NewBase(
                    id=self._new_id(),
                    package_id=package_id,
                    region=change.region,
                    amount=change.price.amount if change.price else None,
                    currency=currencies[change.region],
                    since=since,
                    is_raised=change.is_raised,
                    account_id=account_id,
                )
                for change in of_package
            ]
        return rows


def asked(package: Package) -> dict[str, Money]:
    """Return the price matrix of a package as it stands."""
    return {base.region: base.price for base in package.dated.bases if base.until is None and base.price}


async def regions_known(reader: Reader) -> dict[str, str]:
    """Return the currency of every region that may have a price."""
    return await prices_repository.find_currencies(reader)


def faults_of(prices: Mapping[str, Money], currencies: Mapping[str, str]) -> list[FieldError]:
    """Return what is wrong with prices before anything is known of the package."""
    faults = []
    for region, price in prices.items():
        field, currency = f"prices.{region}", currencies.get(region)
        if currency is None:
            faults.append(FieldError(field, "region_unknown", "there is no such region of prices"))
        elif price.currency != currency:
            faults.append(
                FieldError(f"{field}.currency", "currency_wrong", "not the region's", limit=currency)
            )
        if not 0 <= price.amount <= AMOUNT_MAX:
            code = "too_small" if price.amount < 0 else "too_large"
            limit = "0" if price.amount < 0 else str(AMOUNT_MAX)
            faults.append(FieldError(f"{field}.amount", code, "out of range", limit=limit))
    return faults


def _faults_of_past(past: PastPrice, currencies: Mapping[str, str], now: datetime) -> list[FieldError]:
    faults = faults_of({past.region: past.price}, currencies)
    if past.since.year == _FIRST_YEAR:
        faults.append(FieldError("since", "invalid", "nothing was sold then"))
    if past.since >= now:
        faults.append(FieldError("since", "not_past", "a past price began before now"))
    return faults


def _past_rows(held: Mapping[UUID, Package], prices: Sequence[PastPrice], new_id: IdSource) -> list[NewBase]:
    firsts: dict[tuple[UUID, str], datetime] = {}
    for package in held.values():
        for base in package.dated.bases:
            key = (package.id, base.region)
            firsts[key] = min(base.since, firsts.get(key, base.since))
    rows = []
    for past in sorted(prices, key=lambda past: past.since, reverse=True):
        key = (past.package_id, past.region)
        until = firsts.get(key)
        if past.package_id not in held or (until is not None and past.since >= until):
            continue
        firsts[key] = past.since
        rows.append(
            NewBase(
                id=new_id(),
                package_id=past.package_id,
                region=past.region,
                amount=past.price.amount,
                currency=past.price.currency,
                since=past.since,
                until=until,
            )
        )
    return rows


def _placed(fault: FieldError, place: int, writes: Sequence[object]) -> FieldError:
    return msgspec.structs.replace(fault, field=f"[{place}].{fault.field}") if len(writes) > 1 else fault
