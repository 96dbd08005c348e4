"""The shapes of money that waits for a person."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import Money

StuckKind = Literal["late_money", "refund", "receipt", "unknown_refund"]
Step = Literal["retried", "proposed", "moved"]
Note = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^\s*[^\s\x00][^\x00]*\Z")]


class StuckMoney(msgspec.Struct, frozen=True, kw_only=True):
    """Money that waits for a person.

    Attributes:
        kind: `late_money` came in for nothing and no provider sends it back; `refund` was refused by the provider; `receipt` is taken by no
            cash register; of an `unknown_refund` the provider has not said for an hour whether it made it: it is asked on, and its cabinet tells. A refund and a receipt are resolved where they are shown: `/v1/admin/payments/refunds/{id}`, `…/receipts/{id}`.
        account_id: Whose money it is.
        reason: Why it waits, as the provider or the register says.
        since: When it was to go, or to be handed in.
        age_s: For how many seconds.
        payment_id: The payment that it came in by.
        is_proposed: One person has proposed that it goes to the wallet; a second one decides.
    """

    id: UUID
    kind: StuckKind
    account_id: UUID
    amount: Money
    reason: str
    since: datetime
    age_s: int
    payment_id: UUID | None
    provider: str | None
    is_proposed: bool


class StuckKey(msgspec.Struct, frozen=True):
    """What the list is sorted by."""

    since: datetime
    id: UUID


class Resolution(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why somebody of the staff decides so."""

    note: Note


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """What was done about it.

    Attributes:
        step: `retried`: the provider is asked again; `proposed`: a second person is needed; `moved`: it is in the wallet.
        amount: How much of it; what a bank has taken back does not go to the wallet.
    """

    id: UUID
    step: Step
    amount: Money
