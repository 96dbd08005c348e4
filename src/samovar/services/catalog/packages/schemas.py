"""The shapes of packages: as people see them, and as they are edited."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.kit.money import Money
from samovar.services.catalog.domain import EVERYWHERE, AppKind, Availability, Slug
from samovar.services.catalog.packages.domain import APPS_PER_PACKAGE_MAX, PLACE_MAX
from samovar.services.catalog.packages.regions import PackageState
from samovar.services.catalog.schemas import Names

Place = Annotated[
    int, Meta(ge=0, le=PLACE_MAX, description="0 for the standard one, whose price lists show.")
]
AppIds = Annotated[list[UUID], Meta(min_length=1, max_length=APPS_PER_PACKAGE_MAX)]


class PackagePrice(msgspec.Struct, frozen=True, kw_only=True):
    """What a package costs at this moment in the reader's country.

    Attributes:
        base: Without a discount.
        final: What is paid; an amount of 0 is free.
        lowest_30d: The lowest that was really charged in the last 30 days.
        ends_at: When the discount ends.
    """

    base: Money
    final: Money
    discount_percent: int
    lowest_30d: Money
    ends_at: datetime | None


class PackagedGame(msgspec.Struct, frozen=True, kw_only=True):
    """An app in a package, as the reader sees it."""

    game_id: UUID
    slug: str
    kind: AppKind
    title: str
    capsule_url: str | None
    is_owned: bool


class BundleLink(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle that holds a package and can be bought in the reader's country."""

    id: UUID
    slug: str
    name: str
    discount_percent: int


class PackagePage(msgspec.Struct, frozen=True, kw_only=True):
    """A package, as the reader sees it.

    Attributes:
        game_id: The app on whose page it is offered.
        state: `on_sale`, or `withdrawn`: no longer sold, and still in libraries.
        country: Whose prices and rules these are.
        is_preorder: Buying it now is a pre-order: something in it is not out yet.
        price: Null where it cannot be bought.
        is_activatable: A licence of it may be activated in the country, as a gift or by a key.
        is_owned: The reader has all that is in it.
    """

    id: UUID
    slug: str
    name: str
    game_id: UUID
    state: PackageState
    country: str
    age_rating: int
    is_preorder: bool
    price: PackagePrice | None
    is_activatable: bool
    is_owned: bool
    contents: list[PackagedGame]
    bundles: list[BundleLink]


class NewPackage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A package that somebody makes.

    Attributes:
        app_ids: What it holds, in the order in which it is shown; all of the same organisation.
        sold: Where it is sold; it can be bought there while every app in it is shown there.
        activatable: Where a licence of it may be activated.
    """

    slug: Slug
    names: Names
    app_ids: AppIds
    place: Place
    state: PackageState = "draft"
    is_preorder: bool = False
    sold: Availability = EVERYWHERE
    activatable: Availability = EVERYWHERE


class PackagePatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What shall be otherwise; what is left out stays."""

    names: Names | UnsetType = UNSET
    app_ids: AppIds | UnsetType = UNSET
    place: Place | UnsetType = UNSET
    state: PackageState | UnsetType = UNSET
    is_preorder: bool | UnsetType = UNSET
    sold: Availability | UnsetType = UNSET
    activatable: Availability | UnsetType = UNSET


class EditedPackage(msgspec.Struct, frozen=True, kw_only=True):
    """A package, as those see it who may edit it.

    Attributes:
        sold: Where its seller sells it.
        sold_where: Where it can be bought at this moment: as `sold` says, while it is on sale and every app in it is published and
            shown there.
        first_sold_at: From then on it cannot lose apps.
    """

    id: UUID
    slug: str
    app_id: UUID
    organisation_id: UUID | None
    names: Names
    app_ids: list[UUID]
    place: int
    state: PackageState
    is_preorder: bool
    sold: Availability
    activatable: Availability
    sold_where: Availability
    first_sold_at: datetime | None
    version: int


class PackageList(msgspec.Struct, frozen=True):
    """All packages of a page, in their places."""

    items: list[EditedPackage]


class Held(msgspec.Struct, frozen=True):
    """A page, and until when its price holds, as far as is known."""

    page: PackagePage
    valid_until: datetime | None
