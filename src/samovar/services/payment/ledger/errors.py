"""What can go wrong in the ledger.

Conflict
├── InsufficientFunds  409  payment.insufficient_funds  an account would be overdrawn
├── TransferConflict   409  payment.transfer_conflict   another transfer has this id
└── AlreadyResolved    409  payment.already_resolved    a pending transfer was posted, voided or expired before
"""

from samovar.kit.errors import Conflict


class InsufficientFunds(Conflict):
    """An account would be overdrawn; nothing was moved."""

    code = "payment.insufficient_funds"


class TransferConflict(Conflict):
    """The id of a transfer stands for another one: two causes share a name, a defect of the caller's."""

    code = "payment.transfer_conflict"


class AlreadyResolved(Conflict):
    """A pending transfer is resolved once; it was posted, voided or expired before."""

    code = "payment.already_resolved"
