"""What sellers do with packages."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller, Level
from samovar.kit.rest.etags import require_match
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.packages import domain, repository
from samovar.services.catalog.packages.domain import KnownApp, Package
from samovar.services.catalog.packages.errors import PackageNotFound, TooManyPackages
from samovar.services.catalog.packages.schemas import (
    EditedPackage,
    NewPackage,
    PackageList,
    PackagePatch,
)
from samovar.services.catalog.packages.writer import PackageWrite, PackageWriter
from samovar.services.catalog.repository import find_owner
from samovar.services.catalog.rights import Rights
from samovar.services.catalog.schemas import Names


class PackageEditing:
    """Packages as those see and change them who sell them."""

    def __init__(self, database: Database, *, rights: Rights, writer: PackageWriter) -> None:
        self._database = database
        self._rights = rights
        self._writer = writer

    async def of_page(self, caller: Caller, app_id: UUID) -> PackageList:
        """Return all packages of a page, drafts and withdrawn ones too.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's to know.
        """
        async with self._database.transaction() as tx:
            page = (await repository.known_apps(tx, [app_id])).get(app_id)
        if page is None or not self._allows(caller, "viewer", page):
            raise AppNotFound
        found = await repository.packages_of_pages(self._database, [app_id])
        return PackageList([_edited(package) for package in found])

    async def make(self, caller: Caller, app_id: UUID, wanted: NewPackage) -> EditedPackage:
        """Make a package on the page of an app.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's to change.
            TooManyPackages: The page has as many as a page may.
            InvalidInput: A field breaks a rule; see `PackageWriter.write` for this and what else it raises.
        """
        async with self._database.transaction() as tx:
            page = await repository.lock_app(tx, app_id)
            if page is None or not self._allows(caller, "editor", page):
                raise AppNotFound
            if len(await repository.packages_of_pages(tx, [app_id])) >= domain.PACKAGES_PER_PAGE_MAX:
                raise TooManyPackages(packages_max=domain.PACKAGES_PER_PAGE_MAX)
            await self._require_apps(tx, caller, page, wanted.app_ids, held=())
            write = PackageWrite(
                slug=wanted.slug,
                app_id=app_id,
                app_ids=tuple(wanted.app_ids),
                names=wanted.names,
                place=wanted.place,
                state=wanted.state,
                is_preorder=wanted.is_preorder,
                sold=wanted.sold,
                activatable=wanted.activatable,
            )
            (package_id,) = await self._writer.write(tx, [write], account_id=caller.account_id)
            return await self._read(tx, package_id)

    async def find(self, caller: Caller, package_id: UUID) -> EditedPackage:
        """Return a package.

        Raises:
            PackageNotFound: There is none, or it is not the caller's to know.
        """
        found = await repository.packages(self._database, [package_id])
        if not found or not await self._may(self._database, caller, "viewer", found[0]):
            raise PackageNotFound
        return _edited(found[0])

    async def change(
        self, caller: Caller, package_id: UUID, patch: PackagePatch, if_match: str | None
    ) -> EditedPackage:
        """Change a package.

        Raises:
            PackageNotFound: There is none, or it is not the caller's to change.
            PreconditionFailed: It is not what the caller has seen.
            InvalidInput: A field breaks a rule; see `PackageWriter.write` for this and what else it raises.
        """
        async with self._database.transaction() as tx:
            found = await repository.lock_packages(tx, [package_id])
            if not found or not await self._may(tx, caller, "editor", found[0]):
                raise PackageNotFound
            before = _edited(found[0])
            require_match(if_match, before)
            if patch.app_ids is not UNSET:
                page = KnownApp(before.app_id, before.organisation_id, None)
                await self._require_apps(tx, caller, page, patch.app_ids, held=before.app_ids)
            await self._writer.write(tx, [_patched(before, patch)], account_id=caller.account_id)
            return await self._read(tx, package_id)

    async def _require_apps(
        self,
        tx: Transaction,
        caller: Caller,
        page: KnownApp,
        app_ids: Sequence[UUID],
        *,
        held: Sequence[UUID],
    ) -> None:
        """Refuse apps that the caller may not sell: whoever edits one game may add what belongs to it, and no other game.

        An app that is not theirs to know is told of as one that there is not. What the package holds already stays.
        """
        apps = await repository.known_apps(tx, app_ids)
        faults = []
        for place, app_id in enumerate(app_ids):
            app, field = apps.get(app_id), f"app_ids[{place}]"
            if app_id in held:
                continue
            if app is None or not self._is_known(caller, page, app):
                faults.append(FieldError(field, "app_unknown", "there is no such app"))
            elif not self._is_theirs(caller, page, app):
                faults.append(FieldError(field, "app_foreign", "it is not theirs to sell"))
        if faults:
            raise InvalidInput("apps of others", fields=faults)

    def _is_known(self, caller: Caller, page: KnownApp, app: KnownApp) -> bool:
        return self._is_theirs(caller, page, app) or self._allows(caller, "viewer", app)

    def _is_theirs(self, caller: Caller, page: KnownApp, app: KnownApp) -> bool:
        belongs = app.base_app_id == page.id and app.organisation_id == page.organisation_id
        return belongs or self._allows(caller, "editor", app)

    async def _may(
        self, reader: Database | Transaction, caller: Caller, level: Level, package: Package
    ) -> bool:
        """Return whether the caller has a level for the page that a package is offered on."""
        owner = await find_owner(reader, package.app_id)
        base_app_id = owner.base_app_id if owner else None
        return self._allows(caller, level, KnownApp(package.app_id, package.organisation_id, base_app_id))

    def _allows(self, caller: Caller, level: Level, app: KnownApp) -> bool:
        return self._rights.allow(
            caller,
            level,
            organisation_id=app.organisation_id,
            app_id=app.id,
            base_app_id=app.base_app_id,
        )

    async def _read(self, tx: Transaction, package_id: UUID) -> EditedPackage:
        return _edited((await repository.packages(tx, [package_id]))[0])


def _patched(before: EditedPackage, patch: PackagePatch) -> PackageWrite:
    said = {name: value for name in patch.__struct_fields__ if (value := getattr(patch, name)) is not UNSET}
    after = msgspec.structs.replace(before, **said)
    return PackageWrite(
        package_id=before.id,
        slug=before.slug,
        app_id=before.app_id,
        app_ids=tuple(after.app_ids),
        names=after.names,
        place=after.place,
        state=after.state,
        is_preorder=after.is_preorder,
        sold=after.sold,
        activatable=after.activatable,
    )


def _edited(package: Package) -> EditedPackage:
    return EditedPackage(
        id=package.id,
        slug=package.slug,
        app_id=package.app_id,
        organisation_id=package.organisation_id,
        names=msgspec.convert(package.names, Names),
        app_ids=list(package.app_ids),
        place=package.place,
        state=package.state,
        is_preorder=package.is_preorder,
        sold=package.sold,
        activatable=package.activatable,
        sold_where=package.sold_where,
        first_sold_at=package.first_sold_at,
        version=package.version,
    )
