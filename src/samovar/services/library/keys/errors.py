"""What can go wrong with keys.

NotFound
├── KeyNotFound         404  library.key_not_found         no key reads so
├── KeyBatchNotFound    404  library.key_batch_not_found   the package has no such batch
└── PackageNotFound     404  library.package_not_found     there is none, or it is not the caller's
Conflict
├── KeyUsed             409  library.key_used              somebody has redeemed it
├── KeyExpired          409  library.key_expired           its time is over
├── KeyRevoked          409  library.key_revoked           its maker has taken it back
├── KeyNotHere          409  library.key_not_here          it cannot be activated in this country; it stays good
├── AlreadyOwned        409  library.already_owned         the caller has all of it; the key stays good
└── TooManyKeys         409  library.too_many_keys         the package has enough that nobody has redeemed
RateLimited
└── TooManyRedemptions  429  library.too_many_redemptions  so many are tried by nobody who has keys
Unavailable
└── CatalogAway         503  library.catalog_away          nobody can say what the package is
"""

from samovar.kit.errors import Conflict, NotFound, RateLimited, Unavailable


class KeyNotFound(NotFound):
    """No key reads so."""

    code = "library.key_not_found"


class KeyBatchNotFound(NotFound):
    """The package has no such batch of keys."""

    code = "library.key_batch_not_found"


class PackageNotFound(NotFound):
    """There is no such package, or the caller makes no keys for it."""

    code = "library.package_not_found"


class KeyUsed(Conflict):
    """The key has been redeemed."""

    code = "library.key_used"


class KeyExpired(Conflict):
    """The time of the key is over."""

    code = "library.key_expired"


class KeyRevoked(Conflict):
    """Whoever made the key has taken it back."""

    code = "library.key_revoked"


class KeyNotHere(Conflict):
    """The key cannot be activated in this country; it stays good."""

    code = "library.key_not_here"


class AlreadyOwned(Conflict):
    """The caller has everything that the key opens; it stays good for somebody else."""

    code = "library.already_owned"


class TooManyKeys(Conflict):
    """The package has enough keys that nobody has redeemed."""

    code = "library.too_many_keys"


class TooManyRedemptions(RateLimited):
    """So many codes are tried by nobody who has keys."""

    code = "library.too_many_redemptions"


class CatalogAway(Unavailable):
    """Nobody can say what the package is; the key stays good."""

    code = "library.catalog_away"
