"""The shapes of bundles: as people see them, and as they are edited."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.kit.money import Money
from samovar.services.catalog.domain import Slug
from samovar.services.catalog.packages.bundles.domain import (
    DISCOUNT_PERCENT_MAX,
    PACKAGES_PER_BUNDLE_MAX,
)
from samovar.services.catalog.packages.regions import PackageState
from samovar.services.catalog.packages.schemas import PackagePrice
from samovar.services.catalog.prices.quotes.domain import BundleKind
from samovar.services.catalog.schemas import Names, Record

DESCRIPTION_LENGTH_MAX = 2_000

Percent = Annotated[
    int,
    Meta(ge=0, le=DISCOUNT_PERCENT_MAX, description="Comes off what each package costs at the moment."),
]
PackageIds = Annotated[list[UUID], Meta(max_length=PACKAGES_PER_BUNDLE_MAX)]


class Descriptions(Record, frozen=True, kw_only=True):
    """A description in plain text; without an English one the Russian one is shown."""

    ru: Annotated[str, Meta(max_length=DESCRIPTION_LENGTH_MAX)] | None = None
    en: Annotated[str, Meta(max_length=DESCRIPTION_LENGTH_MAX)] | None = None


class BundledPackage(msgspec.Struct, frozen=True, kw_only=True):
    """A package in a bundle, as the reader sees it.

    Attributes:
        game_id: The app on whose page it is offered.
        app_ids: What a licence of it opens.
        price: Alone, at this moment; null where it cannot be bought.
        is_owned: The reader has all that is in it.
        final: What the reader would pay for it with the bundle; null where they would not pay for it, or cannot.
    """

    id: UUID
    slug: str
    name: str
    game_id: UUID
    app_ids: list[UUID]
    price: PackagePrice | None
    is_owned: bool
    final: Money | None


class BundleCost(msgspec.Struct, frozen=True, kw_only=True):
    """What the reader would pay for a bundle.

    Attributes:
        base: What the packages that they would pay for cost without any discount.
        final: What they would pay.
        discount_percent: How much less that is, whole percents rounded down.
    """

    base: Money
    final: Money
    discount_percent: int


class BundlePage(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle, as the reader sees it.

    Attributes:
        kind: `complete_the_set`: one pays for what one lacks; `must_purchase_together`: for all or nothing.
        discount_percent: Comes off each package, after its own discount.
        price: What the reader would pay; null where it cannot be bought, and where they have all of it.
        is_owned: The reader has all that is in it.
    """

    id: UUID
    slug: str
    name: str
    description: str
    kind: BundleKind
    discount_percent: int
    state: PackageState
    country: str
    age_rating: int
    price: BundleCost | None
    is_owned: bool
    packages: list[BundledPackage]


class NewBundle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bundle that somebody makes.

    Attributes:
        organisation_id: Whose it is. Staff may leave it out, and put packages of any organisation together.
        package_ids: At least two.
    """

    organisation_id: UUID | None = None
    slug: Slug
    names: Names
    descriptions: Descriptions = Descriptions()
    kind: BundleKind = "complete_the_set"
    discount_percent: Percent
    package_ids: PackageIds
    state: PackageState = "draft"


class BundlePatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What shall be otherwise; what is left out stays."""

    names: Names | UnsetType = UNSET
    descriptions: Descriptions | UnsetType = UNSET
    kind: BundleKind | UnsetType = UNSET
    discount_percent: Percent | UnsetType = UNSET
    package_ids: PackageIds | UnsetType = UNSET
    state: PackageState | UnsetType = UNSET


class EditedBundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle, as those see it who may edit it."""

    id: UUID
    slug: str
    organisation_id: UUID | None
    names: Names
    descriptions: Descriptions
    kind: BundleKind
    discount_percent: int
    package_ids: list[UUID]
    state: PackageState
    version: int


class BundleKey(msgspec.Struct, frozen=True):
    """What the list of bundles is sorted by: the newest first."""

    id: UUID


class Held(msgspec.Struct, frozen=True):
    """A page, and until when its prices hold, as far as is known."""

    page: BundlePage
    valid_until: datetime | None
