"""REST: making an order, canceling it."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.routes import RateLimit, post
from samovar.services.payment.asking.errors import HoldsAway, LibraryAway
from samovar.services.payment.children.errors import (
    ChildLimitsAway,
    PurchaseNeedsApproval,
    PurchasesNotAllowed,
)
from samovar.services.payment.errors import AccountHeld, NoProvider, OrderNotFound, QuoteNotFound
from samovar.services.payment.ledger.errors import InsufficientFunds
from samovar.services.payment.orders.checkout.errors import AlreadyOwned, BaseNeeded, PurchaseInFlight
from samovar.services.payment.orders.checkout.schemas import NewOrder, OrderState, PlacedOrder
from samovar.services.payment.orders.checkout.use_cases import Checkout
from samovar.services.payment.orders.errors import OrderNotOpen
from samovar.services.payment.promo.errors import PromoCodeExhausted
from samovar.services.payment.quotes.errors import QuoteExpired, QuoteTaken, QuoteTampered

# Nobody buys more often by hand; whoever tries stolen cards does.
PURCHASES = RateLimit(60, per_s=60, by="account")
BODY_BYTES_MAX = 16_384
# A provider takes its time over a new payment.
TIMEOUT_MS = 15_000


@post(
    "/v1/orders",
    auth="player",
    rate_limit=PURCHASES,
    idempotency_key=True,
    body_bytes_max=BODY_BYTES_MAX,
    timeout_ms=TIMEOUT_MS,
    raises=(
        InvalidInput,
        AccountHeld,
        HoldsAway,
        PurchasesNotAllowed,
        PurchaseNeedsApproval,
        ChildLimitsAway,
        QuoteNotFound,
        QuoteTampered,
        QuoteExpired,
        QuoteTaken,
        PromoCodeExhausted,
        AlreadyOwned,
        PurchaseInFlight,
        BaseNeeded,
        LibraryAway,
        InsufficientFunds,
        NoProvider,
    ),
)
async def place_order(data: NewOrder, caller: Caller, once: Once, checkout: Checkout) -> PlacedOrder:
    """Buy what a quote says, for what it says.

    From the wallet it is `paid` at once, and `fulfilled` a moment later. With a provider it is `pending` until the player has confirmed
    the payment where `confirmation` says; ask for the order to see what became of it.

    A child of a family buys what its limits let it: where they ask for it, each package is approved by an adult first, and for one purchase.
    """
    return await checkout.place(caller, data, once)


@post(
    "/v1/orders/{order_id:uuid}/cancel",
    auth="player",
    rate_limit=PURCHASES,
    idempotency_key=True,
    status=200,
    raises=(OrderNotFound, OrderNotOpen),
)
async def cancel_order(order_id: UUID, caller: Caller, once: Once, checkout: Checkout) -> OrderState:
    """Cancel an order that is not paid yet. What is set aside for it is free again; what is paid all the same goes back."""
    return await checkout.cancel(caller, order_id, once)
