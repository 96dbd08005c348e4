"""What a bank must do for payouts: make a payment once for a key, and say what became of it."""

from typing import Literal, Protocol
from uuid import UUID

import msgspec

from samovar.kit.money import Money
from samovar.services.payment.payouts.payees.schemas import PayeeDetails

PURPOSE_LENGTH_MAX = 210
FAILURE_LENGTH_MAX = 500


class Refused(Exception):
    """The bank will not make this payment; nothing was made."""


class BankAnswer(msgspec.Struct, frozen=True):
    """What became of a payment.

    Attributes:
        status: `unknown`: the bank knows no payment of this id.
    """

    status: Literal["unknown", "in_progress", "executed", "failed"]
    failure: str = ""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A payment order.

    Attributes:
        key: By it the bank tells a repetition.
        purpose: What the receiver reads, at most 210 characters.
    """

    key: UUID
    to: PayeeDetails
    amount: Money
    purpose: str


class Bank(Protocol):
    """A bank."""

    async def pay(self, order: Order) -> None:
        """Ask for a payment; the same key again makes no other one.

        Raises:
            Refused: The bank will not make it.
            BankAway: It does not say; it may have been made.
        """

    async def ask(self, key: UUID) -> BankAnswer:
        """Return what became of a payment.

        Raises:
            BankAway: The bank does not say.
        """
