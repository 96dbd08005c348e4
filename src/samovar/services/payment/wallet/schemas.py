"""The shapes of the wallet."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import AMOUNT_MAX, Currency, Money
from samovar.kit.rest.parameters import QueryFields
from samovar.services.payment.wallet.domain import Direction, Step, WalletMoney

Amount = Annotated[int, Meta(ge=0, le=AMOUNT_MAX, description="Minor units, without a sign.")]


class WalletView(msgspec.Struct, frozen=True, kw_only=True):
    """What an account can pay with.

    Attributes:
        balance: Paid in or given back, and free to be spent; it can be paid back as long as nothing of it was spent.
        bonus: Given by the platform, free to be spent, never paid out.
        pending: Set aside of both for orders that are not paid in full yet.
    """

    balance: Money
    bonus: Money
    pending: Money


class WalletEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the history.

    Attributes:
        money: Whether it is the wallet's or the bonus money's.
        code: What it was for, a stable code; `other` where there is no closer word.
        title: The same in words, in the reader's language.
        step: `moved` at once; `set_aside`, and then `completed` or `released`.
        change: What it did to what may be spent: negative where it went out. `completed` changes nothing unless a part came back.
        balance: What could be spent of that money afterwards.
        cause_id: The order, top-up, refund or other thing behind it.
    """

    id: UUID
    money: WalletMoney
    code: str
    title: str
    step: Step
    change: Money
    balance: Money
    cause_id: UUID
    created_at: datetime


class EntryFilters(QueryFields, frozen=True, kw_only=True):
    """Which lines of the history; all that are given must hold.

    Attributes:
        since: The first day, UTC.
        until: The last day, UTC.
        amount_min: At least so much in or out.
        amount_max: At most so much in or out.
    """

    currency: Currency = "RUB"
    money: WalletMoney | None = None
    code: Annotated[str, Meta(max_length=32, pattern=r"^[a-z_]+\Z")] | None = None
    direction: Direction | None = None
    since: date | None = None
    until: date | None = None
    amount_min: Amount | None = None
    amount_max: Amount | None = None


class EntryKey(msgspec.Struct, frozen=True):
    """The sorting key of the history: it goes by the ledger's own order, in which this transfer has its place."""

    id: UUID
