"""What can go wrong with money that waits for a person.

NotFound
└── StuckMoneyNotFound   404  payment.stuck_money_not_found  no such money of nobody's
Forbidden
├── OwnStuckMoney        403  payment.own_stuck_money        nobody decides about their own money
└── OwnStuckProposal     403  payment.own_stuck_proposal     nobody approves what they proposed
Conflict
├── StuckMoneyMoves      409  payment.stuck_money_moves      it is on its way again, or has arrived
└── StuckMoneyDisputed   409  payment.stuck_money_disputed   a bank takes the payment back, or has
"""

from samovar.kit.errors import Conflict, Forbidden, NotFound


class StuckMoneyNotFound(NotFound):
    """There is no such money that came in and fitted nothing."""

    code = "payment.stuck_money_not_found"


class OwnStuckMoney(Forbidden):
    """It is the caller's own: somebody else decides."""

    code = "payment.own_stuck_money"


class OwnStuckProposal(Forbidden):
    """A second person lets so much go: not the one who proposed it."""

    code = "payment.own_stuck_proposal"


class StuckMoneyMoves(Conflict):
    """It is on its way to the instrument again, or is in the wallet."""

    code = "payment.stuck_money_moves"


class StuckMoneyDisputed(Conflict):
    """The payer's bank takes the payment back itself: it would go to them twice."""

    code = "payment.stuck_money_disputed"
