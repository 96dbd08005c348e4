"""What packages and bundles cost a person, line by line. Pure.

Rounding: a line is the base price less the discount, rounded half to even to the minor unit; less the bundle's percentage, rounded
the same way. The total is the sum of its lines, so nothing is lost between them.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.money import Money, total_of
from samovar.services.catalog.domain import AgeRating, AppKind, Availability
from samovar.services.catalog.packages import regions
from samovar.services.catalog.packages.regions import Content, PackageState
from samovar.services.catalog.prices.domain import Price, reduced

BundleKind = Literal["complete_the_set", "must_purchase_together"]
RefusalCode = Literal[
    "not_found", "not_on_sale", "not_visible", "not_sold", "not_activatable", "not_released", "no_price",
    "age_restricted", "owned", "incomplete", "mixed_currencies",
]  # fmt: skip
_VERSION_BYTES = 8


class QuotedApp(Content, frozen=True, kw_only=True):
    """What of an app decides whether it can be bought, and what it is good for."""

    app_id: UUID
    kind: AppKind = "game"
    base_app_id: UUID | None = None
    age_rating: AgeRating


class QuotedPackage(msgspec.Struct, frozen=True, kw_only=True):
    """What of a package decides whether it can be bought."""

    id: UUID
    names: dict[str, str | None]
    state: PackageState
    is_preorder: bool
    sold: Availability
    activatable: Availability
    apps: tuple[QuotedApp, ...]

    @property
    def base_app_ids(self) -> list[UUID]:
        """The games without which DLC in it opens nothing; a soundtrack is heard and a demo played without its game."""
        held = {app.app_id for app in self.apps}
        return sorted({app.base_app_id for app in self.apps if app.kind == "dlc" and app.base_app_id} - held)


class QuotedBundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle with its packages, in its order."""

    id: UUID
    names: dict[str, str | None]
    kind: BundleKind
    discount_percent: int
    state: PackageState
    package_ids: tuple[UUID, ...]


class Buyer(msgspec.Struct, frozen=True, kw_only=True):
    """For whom, and where.

    Attributes:
        country: Where it is bought.
        activation_country: Where it is activated.
        age_level: None where nobody is named: the age is then not judged here.
    """

    country: str
    activation_country: str
    age_level: int | None = None
    owned: frozenset[UUID] = frozenset()


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One package, priced or refused.

    Attributes:
        reduced: With its own discount.
        final: With the bundle's percentage off as well.
        version: The same for the same arithmetic.
    """

    package_id: UUID
    package: QuotedPackage | None
    refusal: RefusalCode | None = None
    price: Price | None = None
    bundle_percent: int = 0
    final: Money | None = None
    version: str = ""


class Quoted(msgspec.Struct, frozen=True, kw_only=True):
    """A package or a bundle, priced or refused.

    Attributes:
        refusal: It cannot be bought as a whole.
        total: The sum of the lines that are bought; None when nothing is.
    """

    lines: tuple[Line, ...]
    refusal: RefusalCode | None = None
    total: Money | None = None
    bundle: QuotedBundle | None = None

    @property
    def valid_until(self) -> datetime | None:
        """The next instant at which a line will cost otherwise."""
        ends = [line.price.valid_until for line in self.lines if line.price and line.price.valid_until]
        return min(ends, default=None)


def obstacle(package: QuotedPackage | None, buyer: Buyer, price: Price | None) -> RefusalCode | None:
    """Return why a package cannot be bought, the first of several reasons; None: it can."""
    if package is None:
        return "not_found"
    apps = package.apps
    too_young = buyer.age_level is not None and any(app.age_rating > buyer.age_level for app in apps)
    stands_against: tuple[tuple[RefusalCode, bool], ...] = (
        ("not_activatable", not package.activatable.holds_in(buyer.activation_country)),
        ("age_restricted", too_young),
        ("owned", buyer.owned.issuperset(app.app_id for app in apps)),
        ("no_price", price is None),
    )
    return regions.obstacle(
        buyer.country,
        state=package.state,
        is_preorder=package.is_preorder,
        sold=package.sold,
        contents=apps,
    ) or next((code for code, holds in stands_against if holds), None)


def quote_package(
    package_id: UUID, package: QuotedPackage | None, price: Price | None, buyer: Buyer
) -> Quoted:
    """Price one package."""
    line = _line(package_id, package, price, buyer, bundle_percent=0)
    return Quoted(lines=(line,), refusal=line.refusal, total=line.final)


def quote_bundle(
    bundle: QuotedBundle | None,
    packages: Mapping[UUID, QuotedPackage],
    prices: Mapping[UUID, Price],
    buyer: Buyer,
) -> Quoted:
    """Price a bundle: of a set that is completed what is lacked, of one that is bought together all or nothing."""
    if bundle is None or bundle.state == "draft":
        return Quoted(lines=(), refusal="not_found")
    if bundle.state != "on_sale":
        return Quoted(lines=(), refusal="not_on_sale", bundle=bundle)
    lines = tuple(
        _line(
            package_id,
            packages.get(package_id),
            prices.get(package_id),
            buyer,
            bundle_percent=bundle.discount_percent,
        )
        for package_id in bundle.package_ids
    )
    bought = [line.final for line in lines if line.final is not None]
    refusal = _whole_refusal(bundle, lines, bought)
    if refusal or not bought:
        return Quoted(lines=lines, refusal=refusal or "not_found", bundle=bundle)
    return Quoted(lines=lines, total=total_of(bought, bought[0].currency), bundle=bundle)


def _whole_refusal(
    bundle: QuotedBundle, lines: Sequence[Line], bought: Collection[Money]
) -> RefusalCode | None:
    refusals = [line.refusal for line in lines if line.refusal]
    if not bought:
        # All for the same reason: that one; a set of which the rest is owned is refused for what it lacks.
        return next(
            (refusal for refusal in refusals if refusal != "owned"), "owned" if refusals else "not_found"
        )
    if bundle.kind == "must_purchase_together" and refusals:
        return "incomplete"
    if len({final.currency for final in bought}) > 1:
        return "mixed_currencies"
    return None


def _line(
    package_id: UUID, package: QuotedPackage | None, price: Price | None, buyer: Buyer, *, bundle_percent: int
) -> Line:
    refusal = obstacle(package, buyer, price)
    if refusal or price is None:
        return Line(package_id=package_id, package=package, refusal=refusal)
    final = reduced(price.final, bundle_percent)
    return Line(
        package_id=package_id,
        package=package,
        price=price,
        bundle_percent=bundle_percent,
        final=final,
        version=_version(package_id, price, bundle_percent, final),
    )


def _version(package_id: UUID, price: Price, bundle_percent: int, final: Money) -> str:
    parts = (
        package_id,
        price.base,
        price.discount_id,
        price.discount_percent,
        price.region,
        bundle_percent,
        final,
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=_VERSION_BYTES).hexdigest()
