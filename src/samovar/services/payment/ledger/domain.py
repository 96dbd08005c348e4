"""Accounts of the ledger and the transfers between them. Pure.

The chart of accounts. *Credit* accounts hold what the platform owes or has earned, *debit* accounts what is owed to it or it
has spent; only those marked with `*` have a balance that the database guards.

    kind         owner          side    what it holds
    wallet *     account        credit  an advance of a player for purchases of theirs
    bonus *      account        credit  money given, not paid in: it buys, and is never paid out
    prepaid                     credit  paid for orders, until what was bought is given
    payable *    organisation   credit  earned by a developer, not paid out yet
    reserve *    organisation   credit  kept back of what they earned, against refunds and chargebacks
    commission                  credit  earned by the platform, and what it gives away of that
    tax                         credit  VAT to be passed on
    refunds_due                 credit  on its way back to those who paid, until the provider says that it has arrived
    payouts_due                 credit  on its way to developers, until the bank says so
    suspense     provider       credit  came in and belongs to nothing that is known
    clearing     provider       debit   captured by a payment provider, not settled with it yet
    bank                        debit   where payouts leave from
    fees         provider       debit   what providers took
    goodwill                    debit   compensations and bonuses
    debt         organisation   debit   what a developer owes after a refund of money already paid out
    loss                        debit   chargebacks and other losses of the platform
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final, Literal, get_args
from uuid import UUID, uuid5

import msgspec

from samovar.kit.money import Money

NAMESPACE = UUID("3f0c5a3e-6f0e-5d6f-9d0a-6a1c7b1f2e11")
TRANSFERS_AT_ONCE_MAX = 8_192
_IDS_CACHED = 65_536

# Why money moves. Each has its words in both languages (`payment.ledger_code`), for the wallet's history and the page of an order.
Code = Literal[
    "top_up", "top_up_refund", "top_up_refund_back", "capture", "capture_late", "capture_mismatch", "fee", "purchase",
    "sale", "offset", "reserve", "release", "refund", "refund_moved", "compensation", "chargeback", "payout",
]  # fmt: skip
CODES: Final = frozenset(get_args(Code))
OTHER: Final = "other"


class Kind(StrEnum):
    """The kinds of accounts; see the chart above."""

    WALLET = "wallet"
    BONUS = "bonus"
    PREPAID = "prepaid"
    PAYABLE = "payable"
    RESERVE = "reserve"
    COMMISSION = "commission"
    TAX = "tax"
    REFUNDS_DUE = "refunds_due"
    PAYOUTS_DUE = "payouts_due"
    SUSPENSE = "suspense"
    CLEARING = "clearing"
    BANK = "bank"
    FEES = "fees"
    GOODWILL = "goodwill"
    DEBT = "debt"
    LOSS = "loss"


GUARDED = frozenset({Kind.WALLET, Kind.BONUS, Kind.PAYABLE, Kind.RESERVE})
DEBIT_SIDE = frozenset({Kind.CLEARING, Kind.BANK, Kind.FEES, Kind.GOODWILL, Kind.DEBT, Kind.LOSS})


class Account(msgspec.Struct, frozen=True):
    """One account of the ledger; it is there as soon as a transfer names it.

    Attributes:
        owner: The id of a player or organisation, the name of a provider; empty where there is one for all.
    """

    kind: Kind
    owner: str = ""
    currency: str = "RUB"

    @property
    def id(self) -> UUID:
        """Return its id, the same wherever it is named."""
        return _account_id(f"{self.kind}:{self.owner}:{self.currency}")

    @property
    def is_guarded(self) -> bool:
        """Return whether it may not be overdrawn."""
        return self.kind in GUARDED


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """Money that goes from one account to another: the first is debited, the second credited.

    Attributes:
        id: `leg_id(cause, "wallet")`: derived, never drawn, so that a repetition is seen as one.
        code: Why.
        cause_id: The order, refund or payout that moves it.
        is_pending: It is set aside only, to be resolved later: posted in whole or in part, voided or expired.
        expires_at: From then on a pending one may be expired; none: never by itself.
        actor_id: Who did it by hand.
        reason: Why they did.
    """

    id: UUID
    debit: Account
    credit: Account
    amount: Money
    code: Code
    cause_id: UUID
    is_pending: bool = False
    expires_at: datetime | None = None
    actor_id: UUID | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        if self.amount.amount <= 0:
            raise ValueError(f"a transfer moves more than nothing, not {self.amount.amount}")
        if not self.amount.currency == self.debit.currency == self.credit.currency:
            raise ValueError("a transfer and its two accounts are of one currency")
        if self.debit == self.credit:
            raise ValueError("money does not go from an account to itself")


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something that must never be, found by a check of the books.

    Attributes:
        invariant: Which rule is broken: `L1` to `L13`.
        subject: In what it was found, as somebody can look it up: `transfer 0190…`, `account wallet:…:RUB`.
        detail: What is and what should be, one line for an operator.
    """

    invariant: str
    subject: str
    detail: str

    def __str__(self) -> str:
        return f"{self.invariant}  {self.subject}: {self.detail}"


class Balance(msgspec.Struct, frozen=True):
    """What has gone through an account, in minor units.

    Attributes:
        debits_pending: Set aside: not posted, and no longer free.
    """

    debits_posted: int = 0
    credits_posted: int = 0
    debits_pending: int = 0
    credits_pending: int = 0

    @property
    def posted(self) -> int:
        """Return credits less debits: what is owed to the owner."""
        return self.credits_posted - self.debits_posted

    @property
    def available(self) -> int:
        """Return what the owner may spend: pending debits are gone already, pending credits not there yet."""
        return self.credits_posted - self.debits_posted - self.debits_pending


def leg_id(cause_id: UUID, leg: str) -> UUID:
    """Return the id of one leg of what something causes: the same each time it is tried."""
    return uuid5(cause_id, leg)


def code_of(code: str) -> str:
    """Return the code under which people read of a transfer: one that is newer than this release is none that we can explain."""
    return code if code in CODES else OTHER


def accounts_of(transfers: Iterable[Transfer]) -> list[Account]:
    """Return each account named, in the order of ids: in which all who lock them do so."""
    named = {account.id: account for transfer in transfers for account in (transfer.debit, transfer.credit)}
    return [named[account_id] for account_id in sorted(named)]


@lru_cache(maxsize=_IDS_CACHED)
def _account_id(name: str) -> UUID:
    return uuid5(NAMESPACE, name)
