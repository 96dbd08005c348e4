"""What one can do with bundles: look at them, and edit them."""

from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.money import total_of
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.rest.etags import require_match
from samovar.services.catalog.domain import Viewer
from samovar.services.catalog.errors import AgeRestricted
from samovar.services.catalog.ownership import owned
from samovar.services.catalog.packages import repository as packages_repository
from samovar.services.catalog.packages import shown
from samovar.services.catalog.packages.bundles import domain, repository
from samovar.services.catalog.packages.bundles.domain import Bundle
from samovar.services.catalog.packages.bundles.schemas import (
    BundleCost,
    BundledPackage,
    BundleKey,
    BundlePage,
    BundlePatch,
    Descriptions,
    EditedBundle,
    Held,
    NewBundle,
)
from samovar.services.catalog.packages.bundles.writer import BundleWrite, BundleWriter
from samovar.services.catalog.packages.domain import Package
from samovar.services.catalog.packages.errors import BundleNotFound, TooManyBundles
from samovar.services.catalog.prices.pricing import Pricing
from samovar.services.catalog.prices.quotes.domain import Buyer, Quoted, quote_bundle
from samovar.services.catalog.rights import Rights
from samovar.services.catalog.schemas import Names

_WHOLE = 100


class Bundles:
    """Bundles as people see them. What somebody pays is what `PriceItems` tells payment: the same function says both."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def show(self, bundle_id: UUID, viewer: Viewer) -> Held:
        """Return a bundle as the viewer sees it, and until when its prices hold.

        Raises:
            BundleNotFound: There is none, or none that is shown in their country.
            AgeRestricted: Something in it is above their age level.
        """
        bundle, packages = await self._shown(bundle_id, viewer)
        has = await owned.of(
            self._database,
            viewer.account_id,
            {app_id for package in packages for app_id in package.app_ids},
        )
        prices = await Pricing.of(self._database, bundle.package_ids, viewer.country, self._clock.now())
        quoted = quote_bundle(
            domain.quoted_bundle(bundle),
            {package.id: domain.quoted_package(package) for package in packages},
            prices,
            Buyer(country=viewer.country, activation_country=viewer.country, owned=frozenset(has)),
        )
        finals = {line.package_id: line.final for line in quoted.lines} if quoted.refusal is None else {}
        page = BundlePage(
            id=bundle.id,
            slug=bundle.slug,
            name=shown.text(bundle.names, viewer.language),
            description=shown.text(bundle.descriptions, viewer.language),
            kind=bundle.kind,
            discount_percent=bundle.discount_percent,
            state=bundle.state,
            country=viewer.country,
            age_rating=domain.age_rating(packages),
            price=_cost(quoted),
            is_owned=all(has.issuperset(package.app_ids) for package in packages),
            packages=[
                BundledPackage(
                    id=package.id,
                    slug=package.slug,
                    name=shown.text(package.names, viewer.language),
                    game_id=package.app_id,
                    app_ids=list(package.app_ids),
                    price=shown.price(prices[package.id]) if package.id in prices else None,
                    is_owned=has.issuperset(package.app_ids),
                    final=finals.get(package.id),
                )
                for package in packages
            ],
        )
        return Held(page, quoted.valid_until)

    async def _shown(self, bundle_id: UUID, viewer: Viewer) -> tuple[Bundle, list[Package]]:
        bundle = await repository.find_bundle(self._database, bundle_id)
        if bundle is None:
            raise BundleNotFound
        found = await packages_repository.packages(self._database, bundle.package_ids)
        by_id = {package.id: package for package in found}
        packages = domain.shown_in(viewer.country, bundle, [by_id[one] for one in bundle.package_ids])
        if not packages:
            raise BundleNotFound
        if domain.age_rating(packages) > viewer.age_level:
            raise AgeRestricted(rating=domain.age_rating(packages))
        return bundle, packages


class BundleEditing:
    """Bundles as those see and change them who sell them: a whole organisation's, or staff's."""

    def __init__(self, database: Database, *, rights: Rights, writer: BundleWriter) -> None:
        self._database = database
        self._rights = rights
        self._writer = writer

    async def list_of(
        self, caller: Caller, organisation_id: UUID, cursor: str | None, limit: int
    ) -> Page[EditedBundle]:
        """Return a page of an organisation's bundles, the newest first; a stranger gets an empty one.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, BundleKey)
        if not self._rights.allow(caller, "viewer", organisation_id=organisation_id):
            return Page([], None)
        rows = await repository.bundles_of(
            self._database, organisation_id, after.id if after else None, limit + 1
        )
        return page_of([_edited(row) for row in rows], limit, lambda row: BundleKey(row.id))

    async def make(self, caller: Caller, wanted: NewBundle) -> EditedBundle:
        """Make a bundle.

        Raises:
            BundleNotFound: The organisation is not the caller's.
            TooManyBundles: The organisation has as many as it may.
            InvalidInput: A field breaks a rule.
            OfferSlugTaken: Another bundle has the slug.
        """
        if not self._rights.allow(caller, "editor", organisation_id=wanted.organisation_id):
            if wanted.organisation_id is None:
                fault = FieldError("organisation_id", "missing", "only staff may leave it out")
                raise InvalidInput("whose is it", fields=[fault])
            raise BundleNotFound
        async with self._database.transaction() as tx:
            if wanted.organisation_id:
                count = await repository.count_bundles(tx, wanted.organisation_id)
                if count >= domain.BUNDLES_PER_ORGANISATION_MAX:
                    raise TooManyBundles(bundles_max=domain.BUNDLES_PER_ORGANISATION_MAX)
            write = BundleWrite(
                slug=wanted.slug,
                organisation_id=wanted.organisation_id,
                names=wanted.names,
                descriptions=wanted.descriptions,
                kind=wanted.kind,
                discount_percent=wanted.discount_percent,
                state=wanted.state,
                package_ids=tuple(wanted.package_ids),
                crosses_organisations=self._rights.is_staff(caller),
            )
            (bundle_id,) = await self._writer.write(tx, [write], account_id=caller.account_id)
            return await self._read(tx, bundle_id)

    async def find(self, caller: Caller, bundle_id: UUID) -> EditedBundle:
        """Return a bundle.

        Raises:
            BundleNotFound: There is none, or it is not the caller's to know.
        """
        bundle = await repository.find_bundle(self._database, bundle_id)
        if bundle is None or not self._rights.allow(caller, "viewer", organisation_id=bundle.organisation_id):
            raise BundleNotFound
        return _edited(bundle)

    async def change(
        self, caller: Caller, bundle_id: UUID, patch: BundlePatch, if_match: str | None
    ) -> EditedBundle:
        """Change a bundle.

        Raises:
            BundleNotFound: There is none, or it is not the caller's to change.
            PreconditionFailed: It is not what the caller has seen.
            InvalidInput: A field breaks a rule.
        """
        async with self._database.transaction() as tx:
            bundle = (await repository.lock_bundles(tx, [bundle_id])).get(bundle_id)
            if bundle is None or not self._rights.allow(
                caller, "editor", organisation_id=bundle.organisation_id
            ):
                raise BundleNotFound
            before = _edited(bundle)
            require_match(if_match, before)
            said = {
                name: value
                for name in patch.__struct_fields__
                if (value := getattr(patch, name)) is not UNSET
            }
            after = msgspec.structs.replace(before, **said)
            # What staff have put together across organisations stays so when only its name is changed.
            is_same = after.package_ids == before.package_ids
            write = BundleWrite(
                bundle_id=bundle_id,
                slug=before.slug,
                names=after.names,
                descriptions=after.descriptions,
                kind=after.kind,
                discount_percent=after.discount_percent,
                state=after.state,
                package_ids=tuple(after.package_ids),
                crosses_organisations=is_same or self._rights.is_staff(caller),
            )
            await self._writer.write(tx, [write], account_id=caller.account_id)
            return await self._read(tx, bundle_id)

    async def _read(self, tx: Transaction, bundle_id: UUID) -> EditedBundle:
        bundle = await repository.find_bundle(tx, bundle_id)
        if bundle is None:
            raise BundleNotFound
        return _edited(bundle)


def _cost(quoted: Quoted) -> BundleCost | None:
    """Return what somebody pays; none where it cannot be bought."""
    bases = [line.price.base for line in quoted.lines if line.price and line.final is not None]
    if quoted.refusal or quoted.total is None or not bases:
        return None
    base = total_of(bases, quoted.total.currency)
    less = base.amount - quoted.total.amount
    return BundleCost(
        base=base,
        final=quoted.total,
        discount_percent=less * _WHOLE // base.amount if base.amount else 0,
    )


def _edited(bundle: Bundle) -> EditedBundle:
    return EditedBundle(
        id=bundle.id,
        slug=bundle.slug,
        organisation_id=bundle.organisation_id,
        names=msgspec.convert(bundle.names, Names),
        descriptions=msgspec.convert(bundle.descriptions, Descriptions),
        kind=bundle.kind,
        discount_percent=bundle.discount_percent,
        package_ids=list(bundle.package_ids),
        state=bundle.state,
        version=bundle.version,
    )
