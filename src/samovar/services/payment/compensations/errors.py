"""What can go wrong with compensations.

NotFound
└── CompensationNotFound   404  payment.compensation_not_found   no such compensation
Forbidden
├── OwnCompensation        403  payment.own_compensation         nobody gives to themselves
└── OwnProposal            403  payment.own_proposal             nobody approves what they proposed
Conflict
├── CompensationDecided    409  payment.compensation_decided     it waits for nobody
├── CompensationExpired    409  payment.compensation_expired     its time is over
├── ContentDiffers         409  payment.compensation_differs     what was looked at is not what would be given
└── ApprovalLimitReached   409  payment.approval_limit_reached   the approver has given enough for a day
"""

from samovar.kit.errors import Conflict, Forbidden, NotFound


class CompensationNotFound(NotFound):
    """There is no such compensation."""

    code = "payment.compensation_not_found"


class OwnCompensation(Forbidden):
    """Nobody gives money of the platform to themselves, or approves that another does."""

    code = "payment.own_compensation"


class OwnProposal(Forbidden):
    """A second person decides: not the one who proposed."""

    code = "payment.own_proposal"


class CompensationDecided(Conflict):
    """Somebody has decided before, or nobody had to."""

    code = "payment.compensation_decided"


class CompensationExpired(Conflict):
    """Nobody approved it in time; who still wants it proposes it anew."""

    code = "payment.compensation_expired"


class ContentDiffers(Conflict):
    """The hash that came with the approval is not that of what would be given."""

    code = "payment.compensation_differs"


class ApprovalLimitReached(Conflict):
    """The approver has approved as much today as one person may."""

    code = "payment.approval_limit_reached"
