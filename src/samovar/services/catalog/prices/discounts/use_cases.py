"""Wishing for discounts, looking at them, calling them off."""

from datetime import datetime
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.i18n import Catalogue
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.catalog.contract.prices_events import DiscountEnded
from samovar.services.catalog.domain import Language
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.prices import repository as prices_repository
from samovar.services.catalog.prices.discounts import repository
from samovar.services.catalog.prices.discounts.domain import Refusal, Wish, judge
from samovar.services.catalog.prices.discounts.repository import DiscountKey, Row
from samovar.services.catalog.prices.discounts.schemas import (
    DiscountShown,
    DiscountState,
    DiscountWish,
    Objection,
    ReducedPrice,
    Verdict,
)
from samovar.services.catalog.prices.discounts.writer import DiscountWrite, DiscountWriter
from samovar.services.catalog.prices.domain import EDITORS, Discount, Release, reduced
from samovar.services.catalog.prices.errors import (
    DiscountNotFound,
    DiscountOver,
    OwnerEndsDiscount,
    SaleClosed,
    SaleNotFound,
)
from samovar.services.catalog.prices.holding import hold, look, moment_of, rules_for
from samovar.services.catalog.prices.repository import Reader
from samovar.services.catalog.prices.sales import joining
from samovar.services.catalog.prices.telling import tell
from samovar.services.catalog.rights import Rights


class Discounts:
    """The discounts on an organisation's packages."""

    def __init__(
        self,
        database: Database,
        *,
        rights: Rights,
        writer: DiscountWriter,
        sentences: Catalogue,
        clock: Clock,
    ) -> None:
        self._database = database
        self._rights = rights
        self._writer = writer
        self._sentences = sentences
        self._clock = clock

    async def list_of(
        self, caller: Caller, app_id: UUID, cursor: str | None, limit: int
    ) -> Page[DiscountShown]:
        """Return the discounts on the packages of a page, the latest first.

        Raises:
            AppNotFound: No such app, or not the caller's to know.
            InvalidInput: The cursor is of another list.
        """
        await self._rights.require(self._database, caller, app_id, "viewer")
        after = decode_cursor(cursor, DiscountKey)
        rows = await repository.find_of_app(self._database, app_id, after, limit + 1)
        packages = await look(self._database, sorted({row.package_id for row in rows}))
        now = self._clock.now()
        page = page_of(rows, limit, lambda row: DiscountKey(row.starts_at, row.id))
        return Page(
            [_shown(row, packages[row.package_id].dated.release, now) for row in page.items],
            page.next_cursor,
        )

    async def preview(self, caller: Caller, app_id: UUID, wish: DiscountWish, language: Language) -> Verdict:
        """Return what would come of a wish, and change nothing.

        Raises:
            AppNotFound: No such app or package, or not the caller's to know.
            InvalidInput: The wish is no whole wish: an end is missing.
            SaleNotFound: There is no such sale.
            SaleClosed: Nobody joins it any more.
        """
        await self._rights.require(self._database, caller, app_id, *EDITORS)
        package_id = await _package(self._database, app_id, wish.package_id)
        now = self._clock.now()
        wanted = await self._whole(self._database, wish, now)
        version = await rules_for(self._database, now)
        dated = (await look(self._database, [package_id]))[package_id].dated
        refusals = judge(dated, wanted, version.rules, now)
        return Verdict(
            package_id=package_id,
            is_allowed=not refusals,
            objections=[self._in_words(refusal, language) for refusal in refusals],
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
            rules_version=version.version,
            prices={
                base.region: ReducedPrice(base=base.price, final=reduced(base.price, wanted.percent))
                for base in dated.bases
                if base.until is None and base.price
            },
        )

    async def grant(self, caller: Caller, app_id: UUID, wish: DiscountWish) -> DiscountShown:
        """Grant a discount that keeps to the rules.

        Raises:
            AppNotFound: No such app or package, or not the caller's to know.
            InvalidInput: The wish breaks a rule whenever it is wished.
            DiscountRefused: It breaks a rule at this moment; the fields say until when.
            SaleNotFound: There is no such sale.
            SaleClosed: Nobody joins it any more.
        """
        async with self._database.transaction() as tx:
            await self._rights.require(tx, caller, app_id, *EDITORS)
            package_id = await _package(tx, app_id, wish.package_id)
            # First the package, then the clock: whoever waited here must not be judged by the time of before.
            packages = await hold(tx, [package_id])
            now = moment_of(packages[package_id], self._clock.now())
            wanted = await self._whole(tx, wish, now)
            write = DiscountWrite(package_id=package_id, wish=wanted, sale_id=wish.sale_id)
            (discount_id,) = await self._writer.write(tx, [write], account_id=caller.account_id, now=now)
            row = await repository.find_one(tx, app_id, discount_id)
            if row is None:
                raise DiscountNotFound
            return _shown(row, packages[package_id].dated.release, now)

    async def end(self, caller: Caller, app_id: UUID, discount_id: UUID) -> None:
        """Call a discount off: one to come for good, one that is active from this moment on, and then only an owner or staff may.

        Raises:
            AppNotFound: No such app, or not the caller's to know.
            DiscountNotFound: No such discount on its packages.
            DiscountOver: It has ended, or was called off.
            OwnerEndsDiscount: It is active, and the caller is no owner.
        """
        async with self._database.transaction() as tx:
            owner = await self._rights.require(tx, caller, app_id, *EDITORS)
            row = await repository.find_one(tx, app_id, discount_id)
            if row is None:
                raise DiscountNotFound
            held = await hold(tx, [row.package_id])
            dated, now = held[row.package_id].dated, self._clock.now()
            discount = next((one for one in dated.discounts if one.id == discount_id), None)
            if discount is None or not discount.is_ahead(dated.release, now):
                raise DiscountOver
            span = discount.span(dated.release)
            is_active = span is not None and span.holds(now)
            if is_active and not self._rights.allow(
                caller,
                "owner",
                organisation_id=owner.organisation_id,
                app_id=app_id,
                base_app_id=owner.base_app_id,
            ):
                raise OwnerEndsDiscount
            await repository.end_discounts(tx, [discount_id], now)
            await repository.note_ends(tx, [discount_id], caller.account_id, now)
            await tx.publish(
                DiscountEnded(
                    discount_id=discount_id,
                    package_id=row.package_id,
                    app_id=app_id,
                    ended_at=now,
                    has_held=is_active,
                )
            )
            await tell(tx, [(row.package_id, app_id)], now)

    async def _whole(self, reader: Database | Transaction, wish: DiscountWish, now: datetime) -> Wish:
        """Return the wish with its beginning and end."""
        if wish.kind == "seasonal":
            return await self._in_sale(reader, wish, now)
        faults = []
        if wish.sale_id is not None:
            faults.append(FieldError("sale_id", "not_seasonal", "only a seasonal discount is of a sale"))
        if wish.ends_at is None:
            faults.append(FieldError("ends_at", "missing", "missing"))
        starts_at = now if wish.starts_at is None else wish.starts_at
        if wish.ends_at is not None and wish.ends_at <= starts_at:
            faults.append(FieldError("ends_at", "ends_before_start", "it ends after it begins"))
        if faults or wish.ends_at is None:
            raise InvalidInput("not a whole wish", fields=faults)
        return Wish(kind=wish.kind, percent=wish.percent, starts_at=starts_at, ends_at=wish.ends_at)

    async def _in_sale(self, reader: Reader, wish: DiscountWish, now: datetime) -> Wish:
        faults = [
            FieldError(name, "sale_decides", "the sale says when")
            for name in ("starts_at", "ends_at")
            if getattr(wish, name) is not None
        ]
        if wish.sale_id is None:
            faults.append(FieldError("sale_id", "missing", "missing"))
        if faults or wish.sale_id is None:
            raise InvalidInput("not a whole wish", fields=faults)
        sale = await joining.find(reader, wish.sale_id)
        if sale is None:
            raise SaleNotFound
        if sale.canceled_at is not None or sale.join_until <= now:
            raise SaleClosed
        starts_at = max(now, sale.starts_at)
        return Wish(kind="seasonal", percent=wish.percent, starts_at=starts_at, ends_at=sale.ends_at)

    def _in_words(self, refusal: Refusal, language: Language) -> Objection:
        limit = refusal.until or refusal.limit or ""
        return Objection(
            field=refusal.field,
            code=refusal.code,
            detail=self._sentences.text(f"field.{refusal.code}", language, limit=limit),
            limit=refusal.limit,
            until=refusal.until,
        )


async def _package(reader: Reader, app_id: UUID, package_id: UUID | None) -> UUID:
    found = await prices_repository.find_package_of(reader, app_id, package_id)
    if found is None:
        raise AppNotFound("no such package on this page")
    return found


def _shown(row: Row, release: Release, now: datetime) -> DiscountShown:
    span = row.discount.span(release)
    return DiscountShown(
        id=row.id,
        package_id=row.package_id,
        kind=row.kind,
        percent=row.percent,
        state=_state(row.discount, release, now),
        starts_at=span.since if span else row.starts_at,
        ends_at=span.until if span and span.until else row.ends_at,
        ended_at=row.ended_at,
        sale_id=row.sale_id,
        rules_version=row.rules_version,
        created_at=row.created_at,
    )


def _state(discount: Discount, release: Release, now: datetime) -> DiscountState:
    span = discount.span(release)
    if span is None:
        if discount.ended_at is not None:
            return "canceled"
        return "waiting" if discount.kind == "launch" else "lapsed"
    if now < span.since:
        return "scheduled"
    return "active" if span.holds(now) else "ended"
