"""The shapes of top-ups."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import Money
from samovar.services.payment.payments.domain import PaymentState
from samovar.services.payment.payments.topping_up.domain import TopUp
from samovar.services.payment.providers.port import PayMethod
from samovar.services.payment.receipts.shown import ShownReceipt

ReturnUrl = Annotated[str, Meta(max_length=2_048, description="Where the provider sends the player back to.")]


class NewTopUp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be paid in, and how.

    Attributes:
        save_method: Keep the instrument for next time.
        saved_method_id: Pay with a kept one.
    """

    amount: Money
    method: PayMethod
    return_url: ReturnUrl | None = None
    save_method: bool = False
    saved_method_id: UUID | None = None


class ConfirmationView(msgspec.Struct, frozen=True, kw_only=True):
    """What the player does next: goes to an address, shows it as a QR code to the app of a bank, or nothing."""

    type: Literal["redirect", "qr", "none"] = "none"
    url: str | None = None

    @classmethod
    def of(cls, state: PaymentState | None) -> "ConfirmationView":
        """Return what a payment asks of its player."""
        shown = state.confirmation if state else None
        return cls(type=shown.kind, url=shown.url) if shown else cls()


class TopUpView(msgspec.Struct, frozen=True, kw_only=True):
    """A top-up as its owner sees it.

    Attributes:
        status: `pending` until the money is in the wallet: `credited`; or `failed`, `canceled`, `refunding`, `refunded`.
        failure_code: Why nothing came of it, a stable code.
        expires_at: Until then it may be paid.
    """

    id: UUID
    status: str
    amount: Money
    method: str
    confirmation: ConfirmationView
    failure_code: str | None
    created_at: datetime
    expires_at: datetime
    credited_at: datetime | None
    refunded_at: datetime | None

    @classmethod
    def of(cls, top_up: TopUp, state: PaymentState | None = None) -> "TopUpView":
        """Return a top-up as it is shown."""
        return cls(
            id=top_up.id,
            status=top_up.status,
            amount=top_up.money,
            method=top_up.method,
            confirmation=ConfirmationView.of(state if top_up.status == "pending" else None),
            failure_code=top_up.failure_code,
            created_at=top_up.created_at,
            expires_at=top_up.expires_at,
            credited_at=top_up.credited_at,
            refunded_at=top_up.refunded_at,
        )


class TopUpPage(TopUpView, frozen=True, kw_only=True):
    """A top-up with its fiscal receipts: of the money that came in, and of what went back."""

    receipts: list[ShownReceipt]
