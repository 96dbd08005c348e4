"""What can go wrong with receipts.

NotFound
└── ReceiptNotFound       404  payment.receipt_not_found        no such receipt
Conflict
└── ReceiptNotMendable    409  payment.receipt_not_mendable     its state does not allow this
"""

from samovar.kit.errors import Conflict, NotFound


class ReceiptNotFound(NotFound):
    """There is no such receipt."""

    code = "payment.receipt_not_found"


class ReceiptNotMendable(Conflict):
    """It is on its way, mended already, or a correction itself; the parameter `state` says which."""

    code = "payment.receipt_not_mendable"
