"""Writing packages and bundles, many at once, in the transaction of the caller: for developers' routes and for imports.

    written = await writer.write(tx, [PackageWrite(slug=…, app_id=…, …)])

What is written as it stands already is passed over: no new version, no event.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.services.catalog.contract.events import PackageChanged, PricesChanged
from samovar.services.catalog.domain import EVERYWHERE, Availability
from samovar.services.catalog.packages import domain, repository
from samovar.services.catalog.packages.domain import Package
from samovar.services.catalog.packages.errors import (
    OfferSlugTaken,
    PackageNotFound,
    PackageSold,
    StandardTaken,
)
from samovar.services.catalog.packages.regions import PackageState
from samovar.services.catalog.packages.repository import Reader, Row
from samovar.services.catalog.prices.discounts import ending
from samovar.services.catalog.schemas import Names
from samovar.services.catalog.search import marks

IDS_PER_EVENT_MAX = 500


class PackageWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A package as it shall be.

    Attributes:
        package_id: None for a new one. Of one that there is, neither slug nor page change.
        app_id: The app on whose page it is offered; its organisation is the package's.
        app_ids: The apps that it holds, in their order.
        place: 0 for the standard one of its page.
    """

    package_id: UUID | None = None
    slug: str
    app_id: UUID
    app_ids: tuple[UUID, ...]
    names: Names
    place: int = 0
    state: PackageState = "draft"
    is_preorder: bool = False
    sold: Availability = EVERYWHERE
    activatable: Availability = EVERYWHERE


class PackageWriter:
    """Writes packages."""

    def __init__(self, *, clock: Clock, new_id: IdSource) -> None:
        self._clock = clock
        self._new_id = new_id

    async def ids(self, database: Reader, slugs: Sequence[str]) -> dict[str, UUID]:
        """Return the ids of those of these packages that there are."""
        return await repository.package_ids_by_slug(database, slugs)

    async def write(
        self, tx: Transaction, packages: Sequence[PackageWrite], *, account_id: UUID | None = None
    ) -> list[UUID]:
        """Write packages and return their ids, in the same order.

        Args:
            tx: The transaction.
            packages: As they shall be.
            account_id: Who; none for an import.

        Raises:
            InvalidInput: An app is unknown or another organisation's, or a country is unknown. Of more than one package the
                fields begin with its place: `[3].app_ids[0]`.
            PackageNotFound: There is none with such an id.
            PackageSold: One that was sold would lose apps.
            OfferSlugTaken: Another package has the slug.
            StandardTaken: The page has another package in place 0.
        """
        known = {one.package_id for one in packages if one.package_id}
        present = {package.id: package for package in await repository.lock_packages(tx, sorted(known))}
        if known - set(present):
            raise PackageNotFound
        rows = await self._rows(tx, packages, present)
        changed = [row for row in rows if not (row.id in present and _stands(present[row.id], row))]
        if changed:
            await self._put(tx, changed, present, account_id)
        return [row.id for row in rows]

    async def _rows(
        self, tx: Transaction, packages: Sequence[PackageWrite], present: Mapping[UUID, Package]
    ) -> list[Row]:
        named = {app_id for one in packages for app_id in (one.app_id, *one.app_ids)}
        apps = await repository.known_apps(tx, sorted(named))
        faults: list[FieldError] = []
        rows = []
        for place, one in enumerate(packages):
            prefix = f"[{place}]." if len(packages) > 1 else ""
            before = present.get(one.package_id) if one.package_id else None
            page = apps.get(before.app_id if before else one.app_id)
            found = domain.faults_of_package(
                page=page,
                names=one.names,
                contents=one.app_ids,
                apps=apps,
                sold=one.sold,
                activatable=one.activatable,
            )
            if before and before.state != "draft" and one.state == "draft":
                found.append(domain.DRAFT_AGAIN)
            faults += [msgspec.structs.replace(fault, field=prefix + fault.field) for fault in found]
            if before and before.first_sold_at and not set(before.app_ids) <= set(one.app_ids):
                raise PackageSold(f"{before.slug} was sold", slug=before.slug)
            if page:
                rows.append(_row(one, before, page, self._new_id))
        if faults:
            raise InvalidInput("a package breaks a rule", fields=faults)
        return rows

    async def _put(
        self,
        tx: Transaction,
        changed: list[Row],
        present: Mapping[UUID, Package],
        account_id: UUID | None,
    ) -> None:
        now = self._clock.now()
        try:
            versions = await repository.upsert_packages(tx, changed, now)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "packages_standard":
                raise StandardTaken(str(error)) from error
            raise OfferSlugTaken(str(error)) from error
        await repository.note_versions(tx, changed, versions, account_id=account_id, now=now)
        await marks.mark(tx, [row.app_id for row in changed])
        await tx.publish_many([_changed(row, versions[row.id], now) for row in changed])
        gone = [
            row.id
            for row in changed
            if row.state != "on_sale" and row.id in present and present[row.id].state == "on_sale"
        ]
        await ending.call_off(tx, gone, account_id=account_id, now=now)
        priced = [row for row in changed if _sells_otherwise(present.get(row.id), row)]
        for start in range(0, len(priced), IDS_PER_EVENT_MAX):
            some = priced[start : start + IDS_PER_EVENT_MAX]
            await tx.publish(
                PricesChanged(
                    package_ids=tuple(row.id for row in some),
                    app_ids=tuple(dict.fromkeys(row.app_id for row in some)),
                    changed_at=now,
                )
            )


def _changed(row: Row, version: int, now: datetime) -> PackageChanged:
    return PackageChanged(
        package_id=row.id,
        slug=row.slug,
        app_id=row.app_id,
        app_ids=row.app_ids,
        organisation_id=row.organisation_id,
        state=row.state,
        version=version,
        changed_at=now,
    )


def _row(one: PackageWrite, before: Package | None, page: domain.KnownApp, new_id: IdSource) -> Row:
    return Row(
        id=before.id if before else new_id(),
        slug=before.slug if before else one.slug,
        app_id=page.id,
        organisation_id=page.organisation_id,
        names=msgspec.to_builtins(one.names),
        place=one.place,
        state=one.state,
        is_preorder=one.is_preorder,
        sold=one.sold,
        activatable=one.activatable,
        app_ids=one.app_ids,
    )


def _stands(package: Package, row: Row) -> bool:
    """Whether a package is already what it shall be."""
    return all(getattr(package, field) == getattr(row, field) for field in Row.__struct_fields__)


def _sells_otherwise(before: Package | None, row: Row) -> bool:
    """Whether somebody somewhere may now buy what they could not, or the other way round."""
    if before is None:
        return row.state == "on_sale"
    return (before.state, before.sold, before.app_ids) != (row.state, row.sold, row.app_ids)
