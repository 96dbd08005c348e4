"""Announcing sales, changing them, calling them off, listing them."""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec
from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.catalog.contract.prices_events import DiscountEnded, SaleChanged
from samovar.services.catalog.lines import faults_of_names
from samovar.services.catalog.prices.discounts.domain import DiscountRules
from samovar.services.catalog.prices.errors import SaleBegun, SaleNotFound, SaleSlugTaken
from samovar.services.catalog.prices.holding import rules_for
from samovar.services.catalog.prices.sales import repository
from samovar.services.catalog.prices.sales.repository import SaleKey
from samovar.services.catalog.prices.sales.schemas import NewSale, Sale, SaleChange
from samovar.services.catalog.prices.telling import tell
from samovar.services.catalog.schemas import Names


class Sales:
    """The sales of the store."""

    def __init__(self, database: Database, *, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def list_coming(self, cursor: str | None, limit: int) -> Page[Sale]:
        """Return the sales that hold or are to come, the next one first.

        Raises:
            InvalidInput: The cursor is of another list.
        """
        after = decode_cursor(cursor, SaleKey)
        rows = await repository.list_sales(self._database, self._clock.now(), after, limit + 1)
        return page_of(rows, limit, lambda sale: SaleKey(sale.starts_at, sale.id))

    async def announce(self, new: NewSale, *, account_id: UUID) -> Sale:
        """Announce a sale that packages may join.

        Raises:
            InvalidInput: Its times do not fit together, or it is shorter or longer than discounts are.
            SaleSlugTaken: Another one has its slug.
        """
        now = self._clock.now()
        sale = Sale(
            id=self._new_id(),
            slug=new.slug,
            names=new.names,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            join_until=new.join_until,
            canceled_at=None,
            version=1,
        )
        async with self._database.transaction() as tx:
            _require_sound(sale, (await rules_for(tx, now)).rules, now)
            try:
                await repository.add_sale(tx, sale, now)
            except asyncpg.UniqueViolationError as error:
                raise SaleSlugTaken(str(error)) from error
            await repository.note_version(tx, sale, account_id, now)
            await _tell(tx, sale)
        return sale

    async def change(self, sale_id: UUID, change: SaleChange, *, account_id: UUID) -> Sale:
        """Change a sale that is not over.

        Raises:
            SaleNotFound: No such sale, or it was called off.
            SaleBegun: Its beginning and end stay: it has begun, or packages have joined.
            InvalidInput: Its times do not fit together.
        """
        async with self._database.transaction() as tx:
            sale, now = await self._held(tx, sale_id), self._clock.now()
            given = {
                name: value for name, value in msgspec.structs.asdict(change).items() if value is not UNSET
            }
            changed = msgspec.structs.replace(sale, **given)
            if changed == sale:
                return sale
            moves = (changed.starts_at, changed.ends_at) != (sale.starts_at, sale.ends_at)
            if sale.ends_at <= now or (
                moves and (sale.starts_at <= now or await repository.has_joined(tx, sale_id))
            ):
                raise SaleBegun
            rules = (await rules_for(tx, now)).rules
            _require_sound(changed, rules, now if moves else changed.starts_at)
            changed = msgspec.structs.replace(changed, version=sale.version + 1)
            await repository.save_sale(tx, changed)
            await repository.note_version(tx, changed, account_id, now)
            await _tell(tx, changed)
        return changed

    async def cancel(self, sale_id: UUID, *, account_id: UUID) -> None:
        """Call a sale off: discounts of it that are to come never begin, those that hold end now.

        Raises:
            SaleNotFound: No such sale, or it was called off before.
            SaleBegun: It is over.
        """
        async with self._database.transaction() as tx:
            sale, now = await self._held(tx, sale_id), self._clock.now()
            if sale.ends_at <= now:
                raise SaleBegun
            changed = msgspec.structs.replace(sale, canceled_at=now, version=sale.version + 1)
            await repository.save_sale(tx, changed)
            await repository.note_version(tx, changed, account_id, now)
            await _tell(tx, changed)
            joined = await repository.lock_joined(tx, sale_id, now)
            await repository.end_joined(tx, [one.id for one in joined], now)
            await tx.publish_many(
                [
                    DiscountEnded(
                        discount_id=one.id,
                        package_id=one.package_id,
                        app_id=one.app_id,
                        ended_at=now,
                        has_held=one.starts_at < now,
                    )
                    for one in joined
                ]
            )
            await tell(tx, {(one.package_id, one.app_id) for one in joined}, now)

    async def _held(self, tx: Transaction, sale_id: UUID) -> Sale:
        await repository.hold_sale(tx, sale_id, for_change=True)
        sale = await repository.find_sale(tx, sale_id)
        if sale is None or sale.canceled_at is not None:
            raise SaleNotFound
        return sale


def _require_sound(sale: Sale, rules: DiscountRules, earliest: datetime) -> None:
    length = sale.ends_at - sale.starts_at
    faults = faults_of_names(Names(ru=sale.names.ru, en=sale.names.en), "names")
    if sale.starts_at < earliest:
        faults.append(FieldError("starts_at", "starts_in_past", "it begins now or later"))
    if length < timedelta(days=rules.days_min):
        limit = str(rules.days_min)
        faults.append(FieldError("ends_at", "discount_too_short", "days from beginning to end", limit))
    if length > timedelta(days=rules.days_max):
        limit = str(rules.days_max)
        faults.append(FieldError("ends_at", "discount_too_long", "days from beginning to end", limit))
    if sale.starts_at > earliest + timedelta(days=rules.planned_ahead_days_max):
        limit = str(rules.planned_ahead_days_max)
        faults.append(FieldError("starts_at", "starts_too_late", "days ahead", limit))
    if not faults and sale.join_until < sale.starts_at - timedelta(days=rules.planned_ahead_days_max):
        faults.append(FieldError("join_until", "invalid", "nobody could have joined"))
    if sale.join_until > sale.ends_at:
        faults.append(FieldError("join_until", "joined_after_end", "nobody joins what is over"))
    if faults:
        raise InvalidInput("the sale does not fit together", fields=faults)


async def _tell(tx: Transaction, sale: Sale) -> None:
    await tx.publish(
        SaleChanged(
            sale_id=sale.id,
            slug=sale.slug,
            names={"ru": sale.names.ru, "en": sale.names.en},
            starts_at=sale.starts_at,
            ends_at=sale.ends_at,
            join_until=sale.join_until,
            is_canceled=sale.canceled_at is not None,
            version=sale.version,
        )
    )
