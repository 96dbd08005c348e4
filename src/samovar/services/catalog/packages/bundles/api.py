"""REST: bundles, as people see them and as developers edit them."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.answers import AnswerOf
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import Cache, RateLimit, get, patch, post
from samovar.services.catalog.contract.events import AppChanged, BundleChanged, PackageChanged, PricesChanged
from samovar.services.catalog.errors import AgeRestricted
from samovar.services.catalog.packages.bundles.schemas import (
    BundlePage,
    BundlePatch,
    EditedBundle,
    NewBundle,
)
from samovar.services.catalog.packages.bundles.use_cases import BundleEditing, Bundles
from samovar.services.catalog.packages.domain import EDIT
from samovar.services.catalog.packages.errors import BundleNotFound, OfferSlugTaken, TooManyBundles
from samovar.services.catalog.packages.shown import held_until
from samovar.services.catalog.viewers.audience import AcceptLanguage, Audience, CountryParameter

BODY_BYTES_MAX = 65_536
EDITS = RateLimit(120, per_s=60, by="account")
_CHANGES = tuple(
    event.subject.removeprefix("samovar.")
    for event in (BundleChanged, PackageChanged, AppChanged, PricesChanged)
)


@get(
    "/v1/bundles/{bundle_id:uuid}",
    auth="public",
    rate_limit=RateLimit(1_200),
    cache=Cache(ttl_s=30, stale_s=30, tags=_CHANGES, query=("country",), anonymous_only=True),
    raises=(BundleNotFound, AgeRestricted, InvalidInput),
)
async def show_bundle(
    bundle_id: UUID,
    caller: Caller | None,
    bundles: Bundles,
    audience: Audience,
    clock: Clock,
    country: CountryParameter = None,
    language: AcceptLanguage = None,
) -> AnswerOf[BundlePage]:
    """Show a bundle: its packages, what each costs, and what the reader would pay for what they lack of it.

    Above the reader's confirmed age 403, not shown in the country 404.
    """
    viewer = await audience.of(caller, country=country, language=language)
    shown = await bundles.show(bundle_id, viewer)
    return AnswerOf(shown.page, headers=held_until(shown.valid_until, clock.now(), caller))


@get("/v1/dev/bundles", auth="player", permissions=(EDIT,), raises=(InvalidInput,))
async def list_bundles(
    organisation_id: UUID,
    caller: Caller,
    bundle_editing: BundleEditing,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[EditedBundle]:
    """List the bundles of an organisation, the newest first; of one that is not one's own there are none."""
    return await bundle_editing.list_of(caller, organisation_id, cursor, limit)


@post(
    "/v1/dev/bundles",
    auth="player",
    permissions=(EDIT,),
    rate_limit=EDITS,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(BundleNotFound, InvalidInput, OfferSlugTaken, TooManyBundles),
)
async def make_bundle(data: NewBundle, caller: Caller, bundle_editing: BundleEditing) -> EditedBundle:
    """Make a bundle of two packages or more, all of one organisation; staff may put those of several together."""
    return await bundle_editing.make(caller, data)


@get(
    "/v1/dev/bundles/{bundle_id:uuid}",
    auth="player",
    permissions=(EDIT,),
    etag=True,
    raises=(BundleNotFound,),
)
async def find_bundle(bundle_id: UUID, caller: Caller, bundle_editing: BundleEditing) -> EditedBundle:
    """Show a bundle to those who may edit it."""
    return await bundle_editing.find(caller, bundle_id)


@patch(
    "/v1/dev/bundles/{bundle_id:uuid}",
    auth="player",
    permissions=(EDIT,),
    rate_limit=EDITS,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(BundleNotFound, InvalidInput, PreconditionFailed),
)
async def change_bundle(
    bundle_id: UUID,
    data: BundlePatch,
    caller: Caller,
    bundle_editing: BundleEditing,
    if_match: IfMatch = None,
) -> EditedBundle:
    """Change a bundle; one that was shown is withdrawn and not hidden."""
    return await bundle_editing.change(caller, bundle_id, data, if_match)
