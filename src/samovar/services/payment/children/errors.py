"""What can go wrong because of what a family lets its child do.

Forbidden
├── PurchasesNotAllowed    403  payment.purchases_not_allowed    the child may not buy, or may give nothing away; `errors` may name the line
└── TopUpNotAllowed        403  payment.top_up_not_allowed       a child that may not buy freely pays nothing into a wallet
Conflict
└── PurchaseNeedsApproval  409  payment.purchase_needs_approval  the adults have not approved it yet; `errors` names the lines
Unavailable
└── ChildLimitsAway        503  payment.child_limits_away        nobody can say whether the account is a child's
"""

from samovar.kit.errors import Conflict, Forbidden, Unavailable


class PurchasesNotAllowed(Forbidden):
    """The adults of the family let the child buy nothing, or nothing for others; asking them for a package does not help."""

    code = "payment.purchases_not_allowed"


class TopUpNotAllowed(Forbidden):
    """The adults of the family do not let the child spend freely, so that it pays nothing in either."""

    code = "payment.top_up_not_allowed"


class PurchaseNeedsApproval(Conflict):
    """An adult has to approve each package first: `POST /v1/accounts/me/family/purchase-requests` asks them."""

    code = "payment.purchase_needs_approval"


class ChildLimitsAway(Unavailable):
    """Account, which knows what families let their children do, does not answer: nobody spends until it does."""

    code = "payment.child_limits_away"
