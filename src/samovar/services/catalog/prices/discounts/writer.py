"""Granting discounts, many at once, in the transaction of the caller: for developers' routes and for imports."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.services.catalog.contract.prices_events import DiscountPlanned
from samovar.services.catalog.prices.discounts import repository
from samovar.services.catalog.prices.discounts.domain import (
    DiscountRules,
    Refusal,
    RulesVersion,
    Wish,
    as_fields,
    is_of_the_wish,
    judge,
)
from samovar.services.catalog.prices.discounts.repository import NewDiscount
from samovar.services.catalog.prices.domain import Dated, Discount
from samovar.services.catalog.prices.errors import DiscountRefused
from samovar.services.catalog.prices.holding import hold, rules_for
from samovar.services.catalog.prices.telling import tell

_INSTANT = timedelta(microseconds=1)
_FIRST_YEAR = 1


class DiscountWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A discount that shall be."""

    package_id: UUID
    wish: Wish
    sale_id: UUID | None = None


class DiscountWriter:
    """Grants discounts that keep to the rules, under a lock on their packages."""

    def __init__(self, *, clock: Clock, new_id: IdSource) -> None:
        self._clock = clock
        self._new_id = new_id

    async def write(
        self,
        tx: Transaction,
        writes: Sequence[DiscountWrite],
        *,
        account_id: UUID | None = None,
        is_import: bool = False,
        now: datetime | None = None,
    ) -> list[UUID]:
        """Grant discounts and return their ids, in the same order.

        Args:
            tx: The transaction.
            writes: What is wanted; packages that there are not are refused.
            account_id: Who; none for an import.
            now: When; none: at this moment.
            is_import: What an operator says of the past counts: each wish is judged as of the moment before its beginning, if that is
                past, and one that stands already, the same in all, is passed over. How long its price was asked is the operator's word.

        Raises:
            InvalidInput: A wish breaks a rule whenever it is wished. Of more than one the fields begin with its place: `[3].percent`.
            DiscountRefused: A wish breaks a rule at this moment.
        """
        now = self._clock.now() if now is None else now
        version = await rules_for(tx, now)
        held = await hold(tx, sorted({write.package_id for write in writes}))
        states = {package.id: package.dated for package in held.values()}
        ids: list[UUID] = []
        rows: list[NewDiscount] = []
        refused: list[tuple[int, Refusal]] = []
        for place, write in enumerate(writes):
            state, wish = states.get(write.package_id), write.wish
            if state is None:
                refused.append((place, Refusal(field="package_id", code="package_unknown", detail="unknown")))
                continue
            standing = _standing(state, wish) if is_import else None
            if standing:
                ids.append(standing)
                continue
            refusals = (_judge_past if is_import else judge)(state, wish, version.rules, now)
            refused += [(place, refusal) for refusal in refusals]
            discount = granted(self._new_id(), wish, version)
            ids.append(discount.id)
            states[write.package_id] = msgspec.structs.replace(state, discounts=[*state.discounts, discount])
            rows.append(
                NewDiscount(
                    id=discount.id,
                    package_id=write.package_id,
                    kind=wish.kind,
                    percent=wish.percent,
                    starts_at=wish.starts_at,
                    ends_at=wish.ends_at,
                    sale_id=write.sale_id,
                    rules_version=version.version,
                    account_id=account_id,
                    created_at=now,
                )
            )
        _raise_refused(refused, len(writes))
        await self._keep(tx, rows, {package.id: package.app_id for package in held.values()})
        return ids

    async def _keep(self, tx: Transaction, rows: Sequence[NewDiscount], app_ids: dict[UUID, UUID]) -> None:
        if not rows:
            return
        try:
            await repository.add_discounts(tx, rows)
        except (asyncpg.ExclusionViolationError, asyncpg.UniqueViolationError) as error:
            fields = [FieldError("starts_at", "discounts_overlap", "another one holds then")]
            raise DiscountRefused(str(error), fields=fields) from error
        await tx.publish_many(
            [
                DiscountPlanned(
                    discount_id=row.id,
                    package_id=row.package_id,
                    app_id=app_ids[row.package_id],
                    kind=row.kind,
                    percent=row.percent,
                    starts_at=row.starts_at,
                    ends_at=row.ends_at,
                    sale_id=row.sale_id,
                )
                for row in rows
            ]
        )
        # Whoever shows a price until its next change must hear that this has moved.
        await tell(tx, {(row.package_id, app_ids[row.package_id]) for row in rows}, self._clock.now())


def granted(discount_id: UUID, wish: Wish, version: RulesVersion) -> Discount:
    """Return the discount that a wish becomes."""
    return Discount(
        id=discount_id,
        kind=wish.kind,
        percent=wish.percent,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        rest_after_release=timedelta(days=version.rules.rest_days_after_release),
    )


def _judge_past(state: Dated, wish: Wish, rules: DiscountRules, now: datetime) -> list[Refusal]:
    """Judge a wish as of the moment before its beginning, where that is past, by what had happened then."""
    if wish.starts_at.year == _FIRST_YEAR:
        # Before it there is no moment, and with its offset none that can be kept.
        return [Refusal(field="starts_at", code="invalid", detail="nothing was sold then")]
    judged_at = min(now, wish.starts_at - _INSTANT)
    bases = [
        msgspec.structs.replace(base, is_raised=base.is_raised and base.since <= judged_at)
        for base in state.bases
    ]
    refusals = judge(msgspec.structs.replace(state, bases=bases), wish, rules, judged_at)
    return [refusal for refusal in refusals if refusal.code != "price_not_charged"]


def _standing(state: Dated, wish: Wish) -> UUID | None:
    wanted = (wish.kind, wish.percent, wish.starts_at, wish.ends_at)
    for discount in state.discounts:
        if (discount.kind, discount.percent, discount.starts_at, discount.ends_at) == wanted:
            return discount.id
    return None


def _raise_refused(refused: Sequence[tuple[int, Refusal]], count: int) -> None:
    if not refused:
        return
    kind = InvalidInput if any(is_of_the_wish(refusal) for _, refusal in refused) else DiscountRefused
    fields = [
        msgspec.structs.replace(field, field=f"[{place}].{field.field}") if count > 1 else field
        for place, refusal in refused
        for field in as_fields([refusal])
    ]
    raise kind("a discount was refused", fields=fields)
