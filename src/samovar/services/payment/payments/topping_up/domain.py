"""What a top-up is, and when it is taken back. Pure."""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID, uuid5

import msgspec

from samovar.kit.money import Money
from samovar.services.payment.ledger.domain import Account, Code, Kind, Transfer, leg_id
from samovar.services.payment.providers.port import PayMethod

TopUpStatus = Literal["pending", "credited", "failed", "canceled", "refunding", "refunded"]
# As for any purchase (product.md, section 3).
REFUND_TERM: Final = timedelta(days=14)
LIFE: Final = timedelta(hours=1)


class TopUp(msgspec.Struct, frozen=True, kw_only=True):
    """A top-up as it is kept."""

    id: UUID
    account_id: UUID
    payment_id: UUID
    method: PayMethod
    amount: int
    currency: str
    status: TopUpStatus = "pending"
    failure_code: str | None = None
    created_at: datetime
    expires_at: datetime
    credited_at: datetime | None = None
    refunded_at: datetime | None = None

    @property
    def money(self) -> Money:
        """Return what is paid in."""
        return Money(self.amount, self.currency)

    @property
    def wallet(self) -> Account:
        """Return the account it goes to."""
        return Account(Kind.WALLET, str(self.account_id), self.currency)


def credit_of(top_up: TopUp, provider: str) -> Transfer:
    """Return the transfer that puts a top-up into the wallet."""
    return Transfer(
        id=leg_id(top_up.id, "credit"),
        debit=Account(Kind.CLEARING, provider, top_up.currency),
        credit=top_up.wallet,
        amount=top_up.money,
        code="top_up",
        cause_id=top_up.id,
    )


def refund_id_of(top_up_id: UUID, attempt: int) -> UUID:
    """Return the id of a refund of a top-up: after a refusal it may be asked for once more."""
    return uuid5(top_up_id, f"refund:{attempt}")


def refund_legs(
    top_up: TopUp, refund_id: UUID, way: Literal["out", "arrived", "back"], provider: str
) -> Transfer:
    """Return the transfer that takes a top-up out of the wallet, that closes it at the provider, or that puts it back."""
    due = Account(Kind.REFUNDS_DUE, currency=top_up.currency)
    clearing = Account(Kind.CLEARING, provider, top_up.currency)
    ways: dict[str, tuple[Account, Account, Code]] = {
        "out": (top_up.wallet, due, "top_up_refund"),
        "arrived": (due, clearing, "top_up_refund"),
        "back": (due, top_up.wallet, "top_up_refund_back"),
    }
    debit, credit, code = ways[way]
    return Transfer(
        id=leg_id(refund_id, way),
        debit=debit,
        credit=credit,
        amount=top_up.money,
        code=code,
        cause_id=refund_id,
    )


def is_in_term(top_up: TopUp, now: datetime) -> bool:
    """Return whether a credited top-up may still be taken back."""
    return top_up.credited_at is not None and now < top_up.credited_at + REFUND_TERM


def is_untouched(top_up: TopUp, available: int, credits_since: int) -> bool:
    """Return whether all of a top-up is still in the wallet, where what came first is spent first.

    Args:
        top_up: The top-up.
        available: What may be spent from the wallet now.
        credits_since: What came into the wallet after it.
    """
    return available >= top_up.amount + credits_since
