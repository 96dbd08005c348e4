"""REST: packages, as people see them and as developers edit them."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.rest.answers import AnswerOf
from samovar.kit.routes import Cache, RateLimit, get
from samovar.services.catalog.contract.events import AppChanged, BundleChanged, PackageChanged, PricesChanged
from samovar.services.catalog.errors import AgeRestricted
from samovar.services.catalog.packages.errors import (
    PackageNotFound,
)
from samovar.services.catalog.packages.schemas import (
    PackagePage,
)
from samovar.services.catalog.packages.shown import held_until
from samovar.services.catalog.packages.use_cases import Packages
from samovar.services.catalog.viewers.audience import AcceptLanguage, Audience, CountryParameter

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
