"""The events that catalog sends. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event


class AppChanged(Event, frozen=True, kw_only=True, subject="catalog.v1.app_changed"):
    """The page of an app is new, or reads otherwise than before.

    Attributes:
        kind: `game`, `demo`, `dlc`, `soundtrack` or `tool`.
        base_app_id: The game that it belongs to, if any.
        state: `draft`, `published` or `withdrawn`.
        stage: `coming_soon`, `early_access` or `released`.
        age_rating: 0, 6, 12, 16 or 18.
        organisation_id: Who publishes it; none for what was imported.
        version: Counts the changes: keep the highest.
    """

    app_id: UUID
    slug: str
    title: str
    kind: str
    base_app_id: UUID | None = None
    state: str
    stage: str
    age_rating: int
    organisation_id: UUID | None = None
    version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the app."""
        return Aggregate(str(self.app_id), self.version)


class PricesChanged(Event, frozen=True, kw_only=True, subject="catalog.v1.prices_changed"):
    """Packages cost otherwise than before, somewhere: a price, a discount that began or ended, a package on or off sale.

    Attributes:
        package_ids: At most 500.
        app_ids: The apps on whose pages these packages are offered.
    """

    package_ids: tuple[UUID, ...]
    app_ids: tuple[UUID, ...]
    changed_at: datetime


class SearchChanged(Event, frozen=True, kw_only=True, subject="catalog.v1.search_changed"):
    """What search shows of these apps is no longer what its indexes hold; for catalog's own processes.

    Attributes:
        app_ids: At most 500.
    """

    app_ids: tuple[UUID, ...]


class PackageChanged(Event, frozen=True, kw_only=True, subject="catalog.v1.package_changed"):
    """A package is new, holds other apps, is offered elsewhere, or otherwise reads differently than before.

    Attributes:
        app_id: The app on whose page it is offered.
        app_ids: The apps that a licence of it opens.
        state: `draft`, `on_sale` or `withdrawn`.
        version: Counts the changes: keep the highest.
    """

    package_id: UUID
    slug: str
    app_id: UUID
    app_ids: tuple[UUID, ...]
    organisation_id: UUID | None = None
    state: str
    version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the package."""
        return Aggregate(str(self.package_id), self.version)


class BundleChanged(Event, frozen=True, kw_only=True, subject="catalog.v1.bundle_changed"):
    """A bundle is new, or is not what it was.

    Attributes:
        state: `draft`, `on_sale` or `withdrawn`.
        version: Counts the changes: keep the highest.
    """

    bundle_id: UUID
    slug: str
    package_ids: tuple[UUID, ...]
    organisation_id: UUID | None = None
    state: str
    version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the bundle."""
        return Aggregate(str(self.bundle_id), self.version)


class SearchRebuildWanted(Event, frozen=True, kw_only=True, subject="catalog.v1.search_rebuild_wanted"):
    """An operator wants every search index to be built anew; for catalog's own processes."""


class TermsChanged(Event, frozen=True, kw_only=True, subject="catalog.v1.terms_changed"):
    """Words of the taxonomy are new, or have other names.

    Attributes:
        kinds: Of which kinds: `genre`, `category`, `feature`, `tag` or `series`.
    """

    kinds: tuple[str, ...]
