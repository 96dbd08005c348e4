"""What a chargeback is. Pure.

opened ──► won    the bank gave it back
       └─► lost   the licences go, and the shares of the sale are taken back
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.money import Money
from samovar.services.payment.contract.chargebacks_events import ChargebackDecided, ChargebackOpened
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id

ChargebackStatus = Literal["opened", "won", "lost"]
Verdict = Literal["won", "lost"]
ChargebackReason = Literal[
    "fraud", "not_received", "not_as_described", "duplicate", "refund_not_made", "other"
]


class Chargeback(msgspec.Struct, frozen=True, kw_only=True):
    """A chargeback as it is kept; see the table `chargebacks`.

    Attributes:
        covered: How much of it was still there.
        from_wallet: What of that the payer's own wallet had of the payment, and is set aside there.
    """

    id: UUID
    payment_id: UUID
    account_id: UUID
    provider: str
    case_id: str
    amount: int
    currency: str
    covered: int
    from_wallet: int = 0
    reason: ChargebackReason
    note: str | None
    status: ChargebackStatus
    refund_id: UUID | None = None
    actor_id: UUID | None = None
    decider_id: UUID | None = None
    opened_at: datetime
    decided_at: datetime | None = None

    @property
    def money(self) -> Money:
        """Return what the bank takes."""
        return Money(self.amount, self.currency)

    @property
    def of_order(self) -> int:
        """Return what of it had not left the order."""
        return self.covered - self.from_wallet

    @property
    def uncovered(self) -> int:
        """Return what it takes of money that has gone back already, or is on its way."""
        return self.amount - self.covered

    def taken(self) -> Transfer:
        """Return the transfer of its opening: the provider has the money no longer."""
        return self._move("opened", Account(Kind.LOSS, currency=self.currency), self._clearing)

    def returned(self) -> Transfer:
        """Return the transfer of a victory."""
        return self._move("won", self._clearing, Account(Kind.LOSS, currency=self.currency))

    def set_aside(self) -> Transfer:
        """Return the pending transfer that keeps what the payer's wallet still holds of it."""
        wallet = Account(Kind.WALLET, str(self.account_id), self.currency)
        moved = self._move("wallet", wallet, Account(Kind.LOSS, currency=self.currency))
        return msgspec.structs.replace(moved, amount=Money(self.from_wallet, self.currency), is_pending=True)

    def opened(self) -> ChargebackOpened:
        """Return the event of its opening."""
        return ChargebackOpened(
            chargeback_id=self.id,
            account_id=self.account_id,
            payment_id=self.payment_id,
            amount=self.money,
            reason=self.reason,
            opened_at=self.opened_at,
        )

    def decided(self, verdict: Verdict, now: datetime) -> ChargebackDecided:
        """Return the event of its end."""
        return ChargebackDecided(
            chargeback_id=self.id,
            account_id=self.account_id,
            payment_id=self.payment_id,
            amount=self.money,
            verdict=verdict,
            decided_at=now,
        )

    @property
    def _clearing(self) -> Account:
        return Account(Kind.CLEARING, self.provider, self.currency)

    def _move(self, leg: str, debit: Account, credit: Account) -> Transfer:
        return Transfer(
            id=leg_id(self.id, leg),
            debit=debit,
            credit=credit,
            amount=self.money,
            code="chargeback",
            cause_id=self.id,
        )
