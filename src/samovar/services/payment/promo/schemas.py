"""The shapes of promo codes."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import Money
from samovar.services.payment.promo.domain import PromoCode, Scope
from samovar.services.payment.quotes.schemas import CODE_LENGTH_MAX, Country

PACKAGES_MAX = 100
COUNTRIES_MAX = 250
REDEMPTIONS_MAX = 10_000_000
PER_ACCOUNT_MAX = 1_000

Moment = Annotated[datetime, Meta(tz=True)]


class NewPromoCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a promo code is to give; it is never changed afterwards, only ended.

    Attributes:
        code: What people type: 6 to 32 letters and digits, besides blanks and hyphens; absent: one is drawn that nobody guesses.
        organisation_id: For whose packages; of a developer's code it is theirs.
        scope: `all` packages, those of the organisation, or the `package_ids`.
        percent: What it takes off each line; or `amount`, off all of them together.
        minimum: What the lines that it counts for must cost at the least.
        countries: Where it counts; absent: everywhere.
        starts_at: Absent: at once.
        ends_at: Absent: it ends when somebody ends it.
        limit_total: How often it may be redeemed in all; absent: as often as people like.
    """

    code: Annotated[str, Meta(min_length=1, max_length=CODE_LENGTH_MAX)] | None = None
    organisation_id: UUID | None = None
    scope: Scope
    package_ids: Annotated[tuple[UUID, ...], Meta(max_length=PACKAGES_MAX)] = ()
    percent: Annotated[int, Meta(ge=1, le=100)] | None = None
    amount: Money | None = None
    minimum: Money | None = None
    countries: Annotated[tuple[Country, ...], Meta(min_length=1, max_length=COUNTRIES_MAX)] | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    limit_total: Annotated[int, Meta(ge=1, le=REDEMPTIONS_MAX)] | None = None
    limit_per_account: Annotated[int, Meta(ge=1, le=PER_ACCOUNT_MAX)] = 1


class PromoCodeView(msgspec.Struct, frozen=True, kw_only=True):
    """A promo code, as its owners see it.

    Attributes:
        redeemed: How often it was used and not given back.
        ended_at: Since when somebody has ended it.
    """

    id: UUID
    code: str
    organisation_id: UUID | None
    scope: Scope
    package_ids: tuple[UUID, ...]
    percent: int | None
    amount: Money | None
    minimum: Money | None
    countries: tuple[str, ...] | None
    starts_at: datetime
    ends_at: datetime | None
    limit_total: int | None
    limit_per_account: int
    redeemed: int
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, code: PromoCode, redeemed: int) -> Self:
        """Return a code as it is shown."""
        return cls(
            id=code.id,
            code=code.code,
            organisation_id=code.organisation_id,
            scope=code.scope,
            package_ids=code.package_ids,
            percent=code.percent,
            amount=_money(code.amount, code.currency),
            minimum=_money(code.minimum, code.currency),
            countries=code.countries,
            starts_at=code.starts_at,
            ends_at=code.ends_at,
            limit_total=code.limit_total,
            limit_per_account=code.limit_per_account,
            redeemed=redeemed,
            created_at=code.created_at,
            ended_at=code.ended_at,
        )


def _money(amount: int | None, currency: str | None) -> Money | None:
    return Money(amount, currency) if amount is not None and currency is not None else None
