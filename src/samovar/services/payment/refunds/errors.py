"""What can go wrong with refunds.

NotFound
└── RefundNotFound       404  payment.refund_not_found        no such refund of this caller
Forbidden
└── ConsentNotYours      403  payment.consent_not_yours       a gift is let go by whoever has it
Conflict
├── NotRefundable        409  payment.not_refundable          the rules do not allow it; says which
├── NothingToRefund      409  payment.nothing_to_refund       nothing of it is left to give back
├── OrderNotRefundable   409  payment.order_not_refundable    it was never paid, or came to nothing
├── RefundDecided        409  payment.refund_decided          somebody has decided before
├── FundsTaken           409  payment.funds_taken             its money has gone back already
└── DisputeUndecided     409  payment.dispute_undecided       the bank may still give back what it has taken
Unavailable
└── FactsAway            503  payment.refund_facts_away       library or catalog cannot say what the rules ask for
"""

from samovar.kit.errors import Conflict, Forbidden, NotFound, Unavailable


class RefundNotFound(NotFound):
    """There is no such refund, or it is another player's."""

    code = "payment.refund_not_found"


class ConsentNotYours(Forbidden):
    """The game is not the caller's: it was a gift of theirs, and whoever has it lets it go."""

    code = "payment.consent_not_yours"


class NotRefundable(Conflict):
    """The rules do not allow it by itself. The fields say which rules are not met; support may decide otherwise."""

    code = "payment.not_refundable"


class NothingToRefund(Conflict):
    """Nothing of these lines is left to give back."""

    code = "payment.nothing_to_refund"


class OrderNotRefundable(Conflict):
    """The order was never paid, or came to nothing."""

    code = "payment.order_not_refundable"


class RefundDecided(Conflict):
    """The refund waits for nobody's decision: somebody has decided before, or none was needed."""

    code = "payment.refund_decided"


class FundsTaken(Conflict):
    """More than came from a source would go back to it: a chargeback has taken it."""

    code = "payment.funds_taken"


class DisputeUndecided(Conflict):
    """A bank disputes the payment, and may still give back what it has taken."""

    code = "payment.dispute_undecided"


class FactsAway(Unavailable):
    """Library, catalog or auth does not say what the rules ask for."""

    code = "payment.refund_facts_away"
