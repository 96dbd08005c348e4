"""REST: packages, as people see them and as developers edit them."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.rest.answers import AnswerOf
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import Cache, RateLimit, get, patch, post
from samovar.services.catalog.contract.events import AppChanged, BundleChanged, PackageChanged, PricesChanged
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.packages.access import PERMISSION
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
    PackagePage,
    PackagePatch,
)
from samovar.services.catalog.packages.shown import held_until
from samovar.services.catalog.packages.use_cases import PackageEditing, Packages
from samovar.services.catalog.viewers.audience import AcceptLanguage, Audience, CountryParameter

BODY_BYTES_MAX = 65_536
EDITS = RateLimit(120, per_s=60, by="account")
CHANGES = tuple(
    event.subject.removeprefix("samovar.")
    for event in (PackageChanged, BundleChanged, AppChanged, PricesChanged)
)


@get(
    "/v1/packages/{package_id:uuid}",
    auth="public",
    rate_limit=RateLimit(1_200),
    cache=Cache(ttl_s=30, stale_s=30, tags=CHANGES, query=("country",), anonymous_only=True),
    raises=(PackageNotFound, AgeRestricted, InvalidInput),
)
async def show_package(
    package_id: UUID,
    caller: Caller | None,
    packages: Packages,
    audience: Audience,
    clock: Clock,
    country: CountryParameter = None,
    language: AcceptLanguage = None,
) -> AnswerOf[PackagePage]:
    """Show a package: what is in it, what it costs in the reader's country, and what of it the reader has.

    One that is no longer sold is still shown, without a price. Above the reader's confirmed age 403, not shown in the country 404.
    """
    viewer = await audience.of(caller, country=country, language=language)
    shown = await packages.show(package_id, viewer)
    return AnswerOf(shown.page, headers=held_until(shown.valid_until, clock.now(), caller))


@get(
    "/v1/dev/apps/{app_id:uuid}/packages",
    auth="player",
    permissions=(PERMISSION,),
    raises=(AppNotFound,),
)
async def list_packages(app_id: UUID, caller: Caller, package_editing: PackageEditing) -> PackageList:
    """List all packages of a page in their places, drafts and withdrawn ones too."""
    return await package_editing.of_page(caller, app_id)


@post(
    "/v1/dev/apps/{app_id:uuid}/packages",
    auth="player",
    permissions=(PERMISSION,),
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
    permissions=(PERMISSION,),
    etag=True,
    raises=(PackageNotFound,),
)
async def find_package(package_id: UUID, caller: Caller, package_editing: PackageEditing) -> EditedPackage:
    """Show a package to those who may edit it."""
    return await package_editing.find(caller, package_id)


@patch(
    "/v1/dev/packages/{package_id:uuid}",
    auth="player",
    permissions=(PERMISSION,),
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
