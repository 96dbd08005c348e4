"""The shapes of price matrices that travel."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import Currency, Money
from samovar.services.catalog.prices.domain import AMOUNT_MAX

REGIONS_MAX = 300

Region = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z]{2,10}\Z", description="A country, `RU`, or a group of them, `CIS`.", examples=["RU"]
    ),
]


class AskedPrice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked in a region.

    Attributes:
        amount: Minor units; 0 is free.
    """

    amount: Annotated[int, Meta(ge=0, le=AMOUNT_MAX, description="Minor units: kopecks. 0 is free.")]
    currency: Currency

    def money(self) -> Money:
        """Return the sum."""
        return Money(self.amount, self.currency)


class MatrixChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All prices of a package from now on; a region that is not there has none, and falls back to its groups."""

    prices: Annotated[dict[Region, AskedPrice], Meta(max_length=REGIONS_MAX)]


class PriceMatrix(msgspec.Struct, frozen=True, kw_only=True):
    """The prices of a package without discounts, by region."""

    package_id: UUID
    prices: dict[str, Money]


class PriceRegion(msgspec.Struct, frozen=True, kw_only=True):
    """Where a price may hold.

    Attributes:
        price_min: The least that is asked there for what is not free, in minor units.
        countries: Where it is looked for, first or after others.
    """

    code: str
    currency: str
    price_min: int
    countries: list[str]


class PriceRegions(msgspec.Struct, frozen=True, kw_only=True):
    """All regions; there are a few dozen."""

    items: list[PriceRegion]
