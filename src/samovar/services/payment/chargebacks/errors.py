"""What can go wrong with chargebacks.

NotFound
├── ChargebackNotFound   404  payment.chargeback_not_found   no such chargeback
└── NothingCaptured      404  payment.nothing_captured       no such payment, or it collected nothing
Conflict
├── ChargebackKnown      409  payment.chargeback_known       this dispute is written down already
└── ChargebackDecided    409  payment.chargeback_decided     it ended before
"""

from samovar.kit.errors import Conflict, NotFound


class ChargebackNotFound(NotFound):
    """There is no such chargeback."""

    code = "payment.chargeback_not_found"


class NothingCaptured(NotFound):
    """There is no such payment, or no money came by it."""

    code = "payment.nothing_captured"


class ChargebackKnown(Conflict):
    """The provider's dispute of this name is written down already."""

    code = "payment.chargeback_known"


class ChargebackDecided(Conflict):
    """It was won or lost before."""

    code = "payment.chargeback_decided"
