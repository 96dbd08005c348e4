"""What others answer, in payment's own words. Pure."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.money import Money


class Wanted(msgspec.Struct, frozen=True):
    """A package or a bundle: one of the two."""

    package_id: UUID | None = None
    bundle_id: UUID | None = None


class PricedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One package as catalog prices it.

    Attributes:
        refusal: Why it cannot be bought; then it has no price.
        base: Without any discount.
        reduced: With its own discount.
        final: With the bundle's percentage off as well.
        version: The same for the same arithmetic.
        base_app_ids: The games that whoever gets it must have, too: it is DLC of theirs.
    """

    package_id: UUID
    app_ids: tuple[UUID, ...]
    names: dict[str, str]
    refusal: str | None = None
    base: Money | None = None
    discount_percent: int = 0
    reduced: Money | None = None
    bundle_percent: int = 0
    final: Money | None = None
    region: str = ""
    version: str = ""
    is_preorder: bool = False
    base_app_ids: tuple[UUID, ...] = ()
    valid_until: datetime | None = None


class PricedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A package or a bundle as catalog prices it.

    Attributes:
        refusal: Why it cannot be bought as a whole.
        bundle_kind: `complete_the_set` or `must_purchase_together`; none of a package.
        valid_until: The next instant at which it will cost otherwise.
    """

    lines: tuple[PricedLine, ...]
    names: dict[str, str]
    refusal: str | None = None
    bundle_kind: str | None = None
    valid_until: datetime | None = None


class Sold(msgspec.Struct, frozen=True):
    """What a package is beside its price.

    Attributes:
        organisation_id: Who is paid for it; none for what was imported.
        age_rating: The highest age mark of its apps.
    """

    organisation_id: UUID | None
    age_rating: int
