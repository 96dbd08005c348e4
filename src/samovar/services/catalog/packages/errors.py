"""What can go wrong with packages and bundles.

NotFound
├── PackageNotFound   404  catalog.package_not_found    no such package, or none that the caller may see
└── BundleNotFound    404  catalog.bundle_not_found     no such bundle, or none that the caller may see
Conflict
├── PackageSold       409  catalog.package_sold         a package that was sold cannot lose apps
├── OfferSlugTaken    409  catalog.offer_slug_taken     another package or bundle has this slug
└── StandardTaken     409  catalog.standard_taken       the page has a standard package already
"""

from samovar.kit.errors import Conflict, NotFound


class PackageNotFound(NotFound):
    """There is no such package, or none that is shown in this country."""

    code = "catalog.package_not_found"


class BundleNotFound(NotFound):
    """There is no such bundle, or none that is shown in this country."""

    code = "catalog.bundle_not_found"


class PackageSold(Conflict):
    """Somebody has paid for the apps that it would lose."""

    code = "catalog.package_sold"


class OfferSlugTaken(Conflict):
    """Another package, or another bundle, has this slug."""

    code = "catalog.offer_slug_taken"


class StandardTaken(Conflict):
    """The page has another package in place 0: move that one first."""

    code = "catalog.standard_taken"


class TooManyPackages(Conflict):
    """The page has as many packages as a page may; the parameter `packages_max` says how many."""

    code = "catalog.too_many_packages"


class TooManyBundles(Conflict):
    """The organisation has as many bundles as it may; the parameter `bundles_max` says how many."""

    code = "catalog.too_many_bundles"
