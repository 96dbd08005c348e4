"""What a package and a bundle may be. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError
from samovar.services.catalog.countries import unknown_countries
from samovar.services.catalog.domain import AgeRating, Availability
from samovar.services.catalog.lines import faults_of_names
from samovar.services.catalog.packages import regions
from samovar.services.catalog.packages.regions import Content, PackageState
from samovar.services.catalog.schemas import Names

EDIT = "catalog.package.edit"
APPS_PER_PACKAGE_MAX = 100
PACKAGES_PER_PAGE_MAX = 50
PLACE_MAX = 99
COUNTRIES_NAMED_MAX = 10
DRAFT_AGAIN = FieldError("state", "draft_again", "what was shown once is withdrawn, not hidden")


class PackagedApp(Content, frozen=True, kw_only=True):
    """An app in a package."""

    app_id: UUID
    age_rating: AgeRating


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """A package, as it is kept.

    Attributes:
        app_id: The app on whose page it is offered.
        names: Russian and English: `{"ru": …, "en": …}`.
        place: 0 for the standard one of its page.
        sold: Where its seller sells it; `sold_where` is where it can be bought.
        first_sold_at: From then on it cannot lose apps.
    """

    id: UUID
    slug: str
    app_id: UUID
    organisation_id: UUID | None
    names: dict[str, str | None]
    place: int
    state: PackageState
    is_preorder: bool
    sold: Availability
    activatable: Availability
    first_sold_at: datetime | None
    version: int
    contents: tuple[PackagedApp, ...]

    @property
    def app_ids(self) -> tuple[UUID, ...]:
        """Return the apps that a licence of it opens, in their order."""
        return tuple(app.app_id for app in self.contents)

    @property
    def sold_where(self) -> Availability:
        """Return where it can be bought."""
        return regions.sold(
            state=self.state, is_preorder=self.is_preorder, sold=self.sold, contents=self.contents
        )

    @property
    def shown_where(self) -> Availability:
        """Return where it can be looked at."""
        return regions.shown(state=self.state, contents=self.contents)

    @property
    def age_rating(self) -> int:
        """Return the highest age mark of its apps."""
        return max((app.age_rating for app in self.contents), default=0)

    @property
    def awaits_release(self) -> bool:
        """Return whether buying it is a pre-order at this moment: it says so, and something in it is not out yet."""
        return self.is_preorder and any(app.stage == "coming_soon" for app in self.contents)


class KnownApp(msgspec.Struct, frozen=True):
    """What is known of an app that a package names."""

    id: UUID
    organisation_id: UUID | None
    base_app_id: UUID | None


def faults_of_package(
    *,
    page: KnownApp | None,
    names: Names,
    contents: Sequence[UUID],
    apps: Mapping[UUID, KnownApp],
    sold: Availability,
    activatable: Availability,
) -> list[FieldError]:
    """Return what is wrong with a package that somebody wants to write.

    Args:
        page: The app on whose page it is offered; none when there is no such app.
        names: What it shall be called.
        contents: The apps that it shall hold.
        apps: All of those that exist.
        sold: Where it shall be sold.
        activatable: Where its licences shall be activatable.
    """
    faults = [
        *_faults_of_availability("sold", sold),
        *_faults_of_availability("activatable", activatable),
    ]
    if not faults and (unusable := regions.unusable_in(sold, activatable)):
        countries = ", ".join(unusable[:COUNTRIES_NAMED_MAX])
        faults.append(
            FieldError("activatable", "sold_unusable", f"it would be sold without use in {countries}")
        )
    faults += faults_of_names(names, "names")
    if page is None:
        faults.append(FieldError("app_id", "app_unknown", "there is no such app"))
    if not contents:
        faults.append(FieldError("app_ids", "too_short", "at least one app", limit="1"))
    if len(contents) > APPS_PER_PACKAGE_MAX:
        limit = str(APPS_PER_PACKAGE_MAX)
        faults.append(FieldError("app_ids", "too_long", f"at most {limit} apps", limit=limit))
    for place, app_id in enumerate(contents):
        app = apps.get(app_id)
        if app is None:
            faults.append(FieldError(f"app_ids[{place}]", "app_unknown", "there is no such app"))
        elif app_id in contents[:place]:
            faults.append(FieldError(f"app_ids[{place}]", "repeated", "it is there already"))
        elif page and app.organisation_id != page.organisation_id:
            faults.append(FieldError(f"app_ids[{place}]", "app_foreign", "it is of another organisation"))
    return faults


def _faults_of_availability(field: str, availability: Availability) -> list[FieldError]:
    return [
        *unknown_countries(availability.only_in or [], f"{field}.only_in"),
        *unknown_countries(availability.except_in, f"{field}.except_in"),
    ]
