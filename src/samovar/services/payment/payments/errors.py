"""What can go wrong with payments.

Conflict
├── MoneyGoesBack         409  payment.money_goes_back        nobody knows yet whether a top-up has gone back
├── PaymentConflict       409  payment.payment_conflict       another payment or refund has this id
└── RefundBeyondCaptured  409  payment.refund_beyond_captured  more would go back than came in
"""

from samovar.kit.errors import Conflict


class MoneyGoesBack(Conflict):
    """A provider was asked to send a top-up back and has not said yet whether it does."""

    code = "payment.money_goes_back"


class PaymentConflict(Conflict):
    """The id stands for another payment or refund: two causes share a name, a defect of the caller's."""

    code = "payment.payment_conflict"


class RefundBeyondCaptured(Conflict):
    """More would go back than came in and has not gone back yet."""

    code = "payment.refund_beyond_captured"
