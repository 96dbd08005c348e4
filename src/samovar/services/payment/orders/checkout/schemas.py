"""The shapes of making an order."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import Money
from samovar.services.payment.domain import Method, OrderStatus
from samovar.services.payment.orders.checkout.domain import RETURN_URL_LENGTH_MAX


class NewOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be bought and how it is paid.

    Attributes:
        signature: That of the quote, where the client wants to be sure that it buys what it was shown.
        method: `wallet` pays all of it from the wallet, `free` is for what costs nothing.
        use_wallet: With a provider's method: what is in the wallet pays its part.
        use_bonus: Bonus money pays its part, before everything else.
        save_method: Keep the instrument for next time.
        return_url: Where the provider sends the player afterwards: an address of this site.
    """

    quote_id: UUID
    signature: Annotated[str, Meta(max_length=128)] | None = None
    method: Method
    use_wallet: bool = False
    use_bonus: bool = False
    save_method: bool = False
    return_url: Annotated[str, Meta(max_length=RETURN_URL_LENGTH_MAX)] | None = None


class OrderConfirmation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the player confirms the payment.

    Attributes:
        type: `redirect`: open the address; `qr`: show it as a QR code, or open it on the phone; `none`: there is nothing to do, or
            not yet: ask for the order again.
    """

    type: Literal["redirect", "qr", "none"]
    url: str | None = None


class PlacedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that was made."""

    id: UUID
    status: OrderStatus
    total: Money
    confirmation: OrderConfirmation


class OrderState(msgspec.Struct, frozen=True, kw_only=True):
    """What an order is after it was canceled."""

    id: UUID
    status: OrderStatus
