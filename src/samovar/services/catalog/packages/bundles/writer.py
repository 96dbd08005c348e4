"""Writing bundles, many at once, in the transaction of the caller: for developers' routes and for imports.

    await bundle_writer.write(tx, [BundleWrite(slug=…, package_ids=…, …)])

What is written as it stands already is passed over: no new version, no event.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.services.catalog.contract.events import BundleChanged
from samovar.services.catalog.lines import faults_of_names, faults_of_text
from samovar.services.catalog.packages.bundles import domain, repository
from samovar.services.catalog.packages.bundles.domain import Bundle
from samovar.services.catalog.packages.bundles.schemas import Descriptions
from samovar.services.catalog.packages.domain import DRAFT_AGAIN
from samovar.services.catalog.packages.errors import BundleNotFound, OfferSlugTaken
from samovar.services.catalog.packages.regions import PackageState
from samovar.services.catalog.prices.quotes.domain import BundleKind
from samovar.services.catalog.schemas import Names


class BundleWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle as it shall be.

    Attributes:
        bundle_id: None for a new one. Of one that there is, neither slug nor organisation change.
        organisation_id: Whose it is; none for what is imported.
        package_ids: In the order in which they are shown.
        crosses_organisations: Packages of any organisation are allowed: staff and imports alone may say so.
    """

    bundle_id: UUID | None = None
    slug: str
    organisation_id: UUID | None = None
    names: Names
    descriptions: Descriptions = Descriptions()
    kind: BundleKind = "complete_the_set"
    discount_percent: int = 0
    state: PackageState = "draft"
    package_ids: tuple[UUID, ...]
    crosses_organisations: bool = False


class BundleWriter:
    """Writes bundles."""

    def __init__(self, *, clock: Clock, new_id: IdSource) -> None:
        self._clock = clock
        self._new_id = new_id

    async def ids(self, reader: Database | Transaction, slugs: Sequence[str]) -> dict[str, UUID]:
        """Return the ids of those of these bundles that there are."""
        return await repository.bundle_ids_by_slug(reader, slugs)

    async def write(
        self, tx: Transaction, bundles: Sequence[BundleWrite], *, account_id: UUID | None = None
    ) -> list[UUID]:
        """Write bundles and return their ids, in the same order.

        Args:
            tx: The transaction.
            bundles: As they shall be.
            account_id: Who; none for an import.

        Raises:
            InvalidInput: A package is unknown or another organisation's, or there are too few. Of more than one bundle the fields
                begin with its place: `[3].package_ids[0]`.
            BundleNotFound: There is none with such an id.
            OfferSlugTaken: Another bundle has the slug.
        """
        known = {one.bundle_id for one in bundles if one.bundle_id}
        present = await repository.lock_bundles(tx, sorted(known))
        if known - set(present):
            raise BundleNotFound
        rows = await self._rows(tx, bundles, present)
        changed = [row for row in rows if present.get(row.id) != row]
        if changed:
            now = self._clock.now()
            try:
                versions = await repository.upsert_bundles(tx, changed, now)
            except asyncpg.UniqueViolationError as error:
                raise OfferSlugTaken(str(error)) from error
            await repository.note_versions(tx, changed, versions, account_id=account_id, now=now)
            await tx.publish_many([_changed(row, versions[row.id], now) for row in changed])
        return [row.id for row in rows]

    async def _rows(
        self, tx: Transaction, bundles: Sequence[BundleWrite], present: Mapping[UUID, Bundle]
    ) -> list[Bundle]:
        named = {package_id for one in bundles for package_id in one.package_ids}
        owners = await repository.owners_of_packages(tx, sorted(named))
        faults: list[FieldError] = []
        rows = []
        for place, one in enumerate(bundles):
            prefix = f"[{place}]." if len(bundles) > 1 else ""
            before = present.get(one.bundle_id) if one.bundle_id else None
            organisation_id = before.organisation_id if before else one.organisation_id
            found = domain.faults_of_bundle(
                organisation_id=organisation_id,
                package_ids=one.package_ids,
                owners=owners,
                crosses_organisations=one.crosses_organisations,
            )
            found += faults_of_names(one.names, "names")
            found += faults_of_text(one.descriptions.ru, "descriptions.ru")
            found += faults_of_text(one.descriptions.en, "descriptions.en")
            if before and before.state != "draft" and one.state == "draft":
                found.append(DRAFT_AGAIN)
            faults += [msgspec.structs.replace(fault, field=prefix + fault.field) for fault in found]
            rows.append(
                Bundle(
                    id=before.id if before else self._new_id(),
                    slug=before.slug if before else one.slug,
                    organisation_id=organisation_id,
                    names=msgspec.to_builtins(one.names),
                    descriptions=msgspec.to_builtins(one.descriptions),
                    kind=one.kind,
                    discount_percent=one.discount_percent,
                    state=one.state,
                    version=before.version if before else 0,
                    package_ids=one.package_ids,
                )
            )
        if faults:
            raise InvalidInput("a bundle breaks a rule", fields=faults)
        return rows


def _changed(row: Bundle, version: int, now: datetime) -> BundleChanged:
    return BundleChanged(
        bundle_id=row.id,
        slug=row.slug,
        package_ids=row.package_ids,
        organisation_id=row.organisation_id,
        state=row.state,
        version=version,
        changed_at=now,
    )
