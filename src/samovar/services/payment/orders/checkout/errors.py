"""What can go wrong while an order is made.

Conflict
├── AlreadyOwned      409  payment.already_owned       a package is owned by whoever should have it; `errors` names the line
├── PurchaseInFlight  409  payment.purchase_in_flight  it is being bought in another order; `errors` names the line
└── BaseNeeded        409  payment.base_needed         it is DLC of a game that is neither owned nor bought; `errors` names the line
"""

from samovar.kit.errors import Conflict


class AlreadyOwned(Conflict):
    """Whoever should have the package has it; the fields name the lines."""

    code = "payment.already_owned"


class PurchaseInFlight(Conflict):
    """The package is in another order that waits for its payment; the fields name the lines."""

    code = "payment.purchase_in_flight"


class BaseNeeded(Conflict):
    """The package is DLC, and its recipient neither has the game nor gets it in this order; the fields name the lines."""

    code = "payment.base_needed"
