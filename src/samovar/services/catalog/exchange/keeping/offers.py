"""Keeps the lines of packages and bundles, a batch at a time, in the transaction of whoever calls."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from samovar.kit.database import Transaction
from samovar.kit.errors import FieldError, InvalidInput, SamovarError
from samovar.services.catalog.exchange import repository
from samovar.services.catalog.exchange.domain import Verdict
from samovar.services.catalog.exchange.keeping.pages import Outcome, unknown
from samovar.services.catalog.exchange.repository import AppKnown, OfferKnown
from samovar.services.catalog.exchange.schemas import BundleLine, PackageLine
from samovar.services.catalog.packages.bundles.writer import BundleWrite, BundleWriter
from samovar.services.catalog.packages.writer import PackageWrite, PackageWriter


class OfferKeeper:
    """Keeps what is sold."""

    def __init__(self, *, packages: PackageWriter, bundles: BundleWriter) -> None:
        self._packages = packages
        self._bundles = bundles

    async def keep_packages(self, tx: Transaction, lines: Sequence[PackageLine]) -> list[Outcome]:
        """Keep packages.

        Raises:
            SamovarError: Some lines are refused, and nothing was written.
        """
        slugs = [line.slug for line in lines]
        named = {slug for line in lines for slug in (line.app, *line.contents)}
        apps = await repository.find_apps(tx, sorted(named))
        before = await repository.find_packages(tx, slugs)
        outcomes: dict[int, Outcome] = {}
        wanted: dict[int, PackageWrite] = {}
        for place, line in enumerate(lines):
            fault = _fault_of_package(line, apps, before.get(line.slug))
            if fault:
                outcomes[place] = fault
            else:
                wanted[place] = _package(line, apps, before.get(line.slug))
        try:
            await self._packages.write(tx, list(wanted.values()))
        except SamovarError as error:
            raise as_in_line(error) from error
        after = await repository.find_packages(tx, slugs)
        for place in wanted:
            slug = lines[place].slug
            outcomes[place] = _verdict(before.get(slug), after[slug])
        return [outcomes[place] for place in range(len(lines))]

    async def keep_bundles(self, tx: Transaction, lines: Sequence[BundleLine]) -> list[Outcome]:
        """Keep bundles.

        Raises:
            SamovarError: Some lines are refused, and nothing was written.
        """
        slugs = [line.slug for line in lines]
        packages = await repository.find_packages(
            tx, sorted({slug for line in lines for slug in line.packages})
        )
        before = await repository.find_bundles(tx, slugs)
        outcomes: dict[int, Outcome] = {}
        wanted: dict[int, BundleWrite] = {}
        for place, line in enumerate(lines):
            missing = next((at for at, slug in enumerate(line.packages) if slug not in packages), None)
            if missing is not None:
                outcomes[place] = unknown(f"packages[{missing}]", "package_unknown", line.packages[missing])
            else:
                wanted[place] = _bundle(line, packages, before.get(line.slug))
        try:
            await self._bundles.write(tx, list(wanted.values()))
        except SamovarError as error:
            raise as_in_line(error) from error
        after = await repository.find_bundles(tx, slugs)
        for place in wanted:
            slug = lines[place].slug
            outcomes[place] = _verdict(before.get(slug), after[slug])
        return [outcomes[place] for place in range(len(lines))]


def _verdict(before: OfferKnown | None, after: OfferKnown) -> Verdict:
    """Return what became of something."""
    if before is None:
        return "new"
    return "same" if before.version == after.version else "changed"


def _fault_of_package(
    line: PackageLine, apps: Mapping[str, AppKnown], before: OfferKnown | None
) -> SamovarError | None:
    if line.app not in apps:
        return unknown("app", "app_unknown", line.app)
    for place, slug in enumerate(line.contents):
        if slug not in apps:
            return unknown(f"contents[{place}]", "app_unknown", slug)
    if before and before.app_id != apps[line.app].id:
        return InvalidInput(line.slug, fields=[FieldError("app", "never_changes", "it is of another page")])
    return None


def _package(line: PackageLine, apps: Mapping[str, AppKnown], before: OfferKnown | None) -> PackageWrite:
    return PackageWrite(
        package_id=before.id if before else None,
        slug=line.slug,
        app_id=apps[line.app].id,
        app_ids=tuple(apps[slug].id for slug in line.contents),
        names=line.names,
        place=line.place,
        state=line.state,
        is_preorder=line.is_preorder,
        sold=line.sold,
        activatable=line.activatable,
    )


def _bundle(line: BundleLine, packages: Mapping[str, OfferKnown], before: OfferKnown | None) -> BundleWrite:
    return BundleWrite(
        bundle_id=before.id if before else None,
        slug=line.slug,
        organisation_id=line.organisation_id,
        names=line.names,
        descriptions=line.descriptions,
        kind=line.kind,
        discount_percent=line.discount_percent,
        state=line.state,
        package_ids=tuple(packages[slug].id for slug in line.packages),
        # Whoever imports speaks for all.
        crosses_organisations=True,
    )


_FIELDS: Mapping[str, str] = {
    "app_ids": "contents",
    "app_id": "app",
    "package_ids": "packages",
    "package_id": "package",
}
_NAMES = re.compile(r"\b(?:app_ids|app_id|package_ids|package_id)\b")


def as_in_line(error: SamovarError) -> SamovarError:
    """Return an error of the writer with the fields as a line has them."""
    if not error.fields:
        return error
    return InvalidInput(
        str(error),
        fields=[msgspec.structs.replace(field, field=_renamed(field.field)) for field in error.fields],
    )


def _renamed(field: str) -> str:
    """Return `[3].contents[1]` for `[3].app_ids[1]`."""
    return _NAMES.sub(lambda found: _FIELDS[found[0]], field)
