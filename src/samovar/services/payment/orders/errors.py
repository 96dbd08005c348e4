"""What can go wrong with orders.

Conflict
├── RefundTooLarge  409  payment.refund_too_large  more would go back for a line than was paid for it
└── OrderNotOpen    409  payment.order_not_open    it is paid or over already
"""

from samovar.kit.errors import Conflict


class RefundTooLarge(Conflict):
    """More would go back for a line than was paid for it and has not gone back; or nothing of it was ever paid."""

    code = "payment.refund_too_large"


class OrderNotOpen(Conflict):
    """The order is paid or over already."""

    code = "payment.order_not_open"
