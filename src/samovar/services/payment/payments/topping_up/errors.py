"""What can go wrong with top-ups.

NotFound
└── TopUpNotFound       404  payment.top_up_not_found       no such top-up of this caller
Conflict
├── TopUpNotRefundable  409  payment.top_up_not_refundable  it was touched, is too old, disputed, or was never paid
├── TopUpLimitReached   409  payment.top_up_limit_reached   more than may be paid in within a month
└── TopUpNotOpen        409  payment.top_up_not_open        it is paid or over already
RateLimited
└── TooManyTopUps       429  payment.too_many_top_ups       as many were begun within an hour as may be
"""

from samovar.kit.errors import Conflict, NotFound, RateLimited


class TopUpNotFound(NotFound):
    """There is no such top-up, or it is another player's."""

    code = "payment.top_up_not_found"


class TopUpNotRefundable(Conflict):
    """Some of it was spent, its time is over, it was never paid, or a bank takes it back. The parameter `reason` says which."""

    code = "payment.top_up_not_refundable"


class TopUpLimitReached(Conflict):
    """More would be paid in within 30 days than may be. The parameter `left` says how much may still be."""

    code = "payment.top_up_limit_reached"


class TopUpNotOpen(Conflict):
    """It is paid or over already."""

    code = "payment.top_up_not_open"


class TooManyTopUps(RateLimited):
    """As many were begun within an hour as may be; what was refused does not count."""

    code = "payment.too_many_top_ups"
