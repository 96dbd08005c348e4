"""What can go wrong when payment asks others.

Unavailable
├── CatalogAway  503  payment.catalog_away  nobody can say what things cost
├── LibraryAway  503  payment.library_away  nobody can say what is owned
├── AccountAway  503  payment.account_away  nobody can say who somebody is
└── HoldsAway    503  payment.holds_away    nobody can say whether an account is held
"""

from samovar.kit.errors import Unavailable


class CatalogAway(Unavailable):
    """Catalog, which knows what things cost, does not answer."""

    code = "payment.catalog_away"


class LibraryAway(Unavailable):
    """Library, which knows who owns what, does not answer."""

    code = "payment.library_away"


class AccountAway(Unavailable):
    """Account, which knows people and who is whose friend, does not answer."""

    code = "payment.account_away"


class HoldsAway(Unavailable):
    """Auth, which knows whether an account is held, does not answer: nothing leaves it until it does."""

    code = "payment.holds_away"
