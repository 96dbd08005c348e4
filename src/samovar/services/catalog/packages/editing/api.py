"""REST: packages, as developers edit them."""

from uuid import UUID

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, get, patch, post
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.packages.domain import EDIT
from samovar.services.catalog.packages.editing.use_cases import PackageEditing
from samovar.services.catalog.packages.errors import (
    OfferSlugTaken,
    PackageNotFound,
    PackageSold,
    StandardTaken,
    TooManyPackages,
)
from samovar.services.catalog.packages.schemas import (
    EditedPackage,
    NewPackage,
    PackageList,
    PackagePatch,
)

BODY_BYTES_MAX = 65_536
EDITS = RateLimit(120, per_s=60, by="account")


@get(
    "/v1/dev/apps/{app_id:uuid}/packages",
    auth="player",
    permissions=(EDIT,),
    raises=(AppNotFound,),
)
async def list_packages(app_id: UUID, caller: Caller, package_editing: PackageEditing) -> PackageList:
    """List all packages of a page in their places, drafts and withdrawn ones too."""
    return await package_editing.of_page(caller, app_id)


@post(
    "/v1/dev/apps/{app_id:uuid}/packages",
    auth="player",
    permissions=(EDIT,),
    rate_limit=EDITS,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(AppNotFound, InvalidInput, OfferSlugTaken, StandardTaken, TooManyPackages),
)
async def make_package(
    app_id: UUID, data: NewPackage, caller: Caller, package_editing: PackageEditing
) -> EditedPackage:
    """Make a package on the page of an app: the standard one in place 0, or an edition. At most 50 a page."""
    return await package_editing.make(caller, app_id, data)


@get(
    "/v1/dev/packages/{package_id:uuid}",
    auth="player",
    permissions=(EDIT,),
    etag=True,
    raises=(PackageNotFound,),
)
async def find_package(package_id: UUID, caller: Caller, package_editing: PackageEditing) -> EditedPackage:
    """Show a package to those who may edit it."""
    return await package_editing.find(caller, package_id)


@patch(
    "/v1/dev/packages/{package_id:uuid}",
    auth="player",
    permissions=(EDIT,),
    rate_limit=EDITS,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(PackageNotFound, InvalidInput, PackageSold, StandardTaken, PreconditionFailed),
)
async def change_package(
    package_id: UUID,
    data: PackagePatch,
    caller: Caller,
    package_editing: PackageEditing,
    if_match: IfMatch = None,
) -> EditedPackage:
    """Change a package. One that was sold cannot lose apps; one that was shown is withdrawn and not hidden."""
    return await package_editing.change(caller, package_id, data, if_match)
