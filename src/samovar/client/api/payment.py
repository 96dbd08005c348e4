"""Buying as screens need it: the cart, a quote, an order, giving back, the wallet. What moves money carries a key."""

from datetime import datetime

import msgspec

from samovar.client.api.calls import Calls, path
from samovar.client.api.catalog import Money

PAGE_SIZE = 24


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be bought: a package or a bundle, for oneself or for a friend."""

    package_id: str | None = None
    bundle_id: str | None = None
    gift_to: str | None = None
    message: str | None = None


class Line(msgspec.Struct, frozen=True):
    """One package and how its price comes about."""

    package_id: str
    names: dict[str, str]
    base: Money
    discount_percent: int
    discount: Money
    promo_discount: Money
    final: Money
    app_ids: list[str] = []
    gift_to: str | None = None
    is_preorder: bool = False


class CartItem(msgspec.Struct, frozen=True):
    """Something in the cart; `refusal` says why it cannot be bought, a stable code."""

    package_id: str | None = None
    bundle_id: str | None = None
    gift_to: str | None = None
    message: str | None = None
    names: dict[str, str] = {}
    lines: list[Line] = []
    price: Money | None = None
    refusal: str | None = None

    @property
    def key(self) -> str:
        """What it is: of a cart no two items have the same."""
        return self.package_id or self.bundle_id or ""

    @property
    def first_app(self) -> str | None:
        """The first game in it, whose picture stands for all of it."""
        return next((app_id for line in self.lines for app_id in line.app_ids), None)

    def wish(self) -> Item:
        """Return it as it is asked for."""
        return Item(self.package_id, self.bundle_id, self.gift_to, self.message)


class Cart(msgspec.Struct, frozen=True):
    """A cart with present prices; nothing in it is promised."""

    items: list[CartItem] = []
    is_priced: bool = True
    total: Money | None = None


class Quote(msgspec.Struct, frozen=True):
    """What a purchase costs, binding until it expires."""

    id: str
    lines: list[Line]
    subtotal: Money
    promo_discount: Money
    total: Money
    expires_at: datetime
    signature: str
    promo_code: str | None = None


class Method(msgspec.Struct, frozen=True):
    """A way to pay that is open now."""

    method: str
    can_save: bool = False


class Methods(msgspec.Struct, frozen=True):
    """How one can pay."""

    methods: list[Method] = []


class Confirmation(msgspec.Struct, frozen=True):
    """How the player confirms a payment: `redirect`, `qr` or `none`."""

    type: str
    url: str | None = None


class PlacedOrder(msgspec.Struct, frozen=True):
    """An order that was made."""

    id: str
    status: str
    total: Money
    confirmation: Confirmation


class ListedLine(msgspec.Struct, frozen=True):
    """A line of an order, as the list shows it."""

    id: str
    names: dict[str, str]
    final: Money
    refunded: Money
    is_gift: bool = False


class ListedOrder(msgspec.Struct, frozen=True):
    """An order, as the list shows it."""

    id: str
    status: str
    method: str
    total: Money
    created_at: datetime
    lines: list[ListedLine] = []


class Orders(msgspec.Struct, frozen=True):
    """A page of orders, the latest first."""

    items: list[ListedOrder] = []
    next_cursor: str | None = None


class PriceStep(msgspec.Struct, frozen=True):
    """A step from the price without any discount to what was paid."""

    code: str
    text: str
    amount: Money


class OrderLine(msgspec.Struct, frozen=True):
    """A line, with how its price was made."""

    id: str
    names: dict[str, str]
    final: Money
    refund_pending: Money
    refunded: Money
    steps: list[PriceStep] = []
    is_gift: bool = False
    is_preorder: bool = False
    licensed_at: datetime | None = None
    app_ids: list[str] = []
    package_id: str | None = None
    bundle_id: str | None = None
    recipient_id: str | None = None

    @property
    def item(self) -> Item:
        """What was to be bought: all lines of a bundle are one."""
        bundle = self.bundle_id
        return Item(None if bundle else self.package_id, bundle, self.recipient_id if self.is_gift else None)


class Fund(msgspec.Struct, frozen=True):
    """A part of the payment: `bonus`, `wallet` or `provider`."""

    source: str
    amount: Money
    status: str
    method: str | None = None


class MoneyPart(msgspec.Struct, frozen=True):
    """A part of the total and where it is, in a sentence."""

    code: str
    text: str
    amount: Money


class MoneyPage(msgspec.Struct, frozen=True):
    """Where the money went; the parts add up to the total."""

    total: Money
    parts: list[MoneyPart] = []


class TrailStep(msgspec.Struct, frozen=True):
    """One transfer of the ledger, in a sentence."""

    at: datetime
    text: str
    amount: Money


class Receipt(msgspec.Struct, frozen=True):
    """A fiscal receipt."""

    kind: str
    state: str
    total: Money
    number: int | None = None
    sign: int | None = None
    link: str | None = None


class Moment(msgspec.Struct, frozen=True):
    """Something that happened to the order."""

    at: datetime
    code: str
    text: str


class Refund(msgspec.Struct, frozen=True):
    """Money on its way back, or there."""

    id: str
    order_id: str
    status: str
    destination: str
    amount: Money


class OrderPage(msgspec.Struct, frozen=True):
    """An order that explains itself."""

    id: str
    status: str
    method: str
    total: Money
    created_at: datetime
    expires_at: datetime
    lines: list[OrderLine]
    money: MoneyPage
    funding: list[Fund] = []
    trail: list[TrailStep] = []
    receipts: list[Receipt] = []
    refunds: list[Refund] = []
    timeline: list[Moment] = []
    confirmation: Confirmation | None = None
    failure_code: str | None = None
    promo_code: str | None = None

    @property
    def is_gift(self) -> bool:
        """Whether all of it is for others."""
        return all(one.is_gift for one in self.lines)


class Rule(msgspec.Struct, frozen=True):
    """One rule of giving back, and whether a line keeps it."""

    code: str
    text: str
    is_met: bool


class LineEligibility(msgspec.Struct, frozen=True):
    """What the rules say of one line."""

    line_id: str
    is_eligible: bool
    amount: Money
    rules: list[Rule] = []


class Eligibility(msgspec.Struct, frozen=True):
    """Whether an order may be given back at once, and why."""

    is_eligible: bool
    needs_review: bool
    amount: Money
    lines: list[LineEligibility] = []


class Shopping:
    """The cart and paying, as the player who is signed in."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def cart(self) -> Cart:
        """Return the cart."""
        return await self._calls.get(Cart, "/v1/cart")

    async def fill_cart(self, items: list[Item]) -> Cart:
        """Let the cart hold these, in this order."""
        return (await self._calls.send("PUT", "/v1/cart", {"items": items})).read(Cart)

    async def add(self, item: Item) -> Cart:
        """Put one more into the cart; what lies in it already stays as it is."""
        cart = await self.cart()
        wanted = item.package_id or item.bundle_id
        if any(one.key == wanted for one in cart.items):
            return cart
        return await self.fill_cart([*(one.wish() for one in cart.items), item])

    async def remove(self, *keys: str) -> Cart:
        """Take something out of the cart."""
        cart = await self.cart()
        return await self.fill_cart([one.wish() for one in cart.items if one.key not in keys])

    async def quote(self, items: list[Item], *, promo_code: str | None, key: str) -> Quote:
        """Return what these cost now, held for a while."""
        body: dict[str, object] = {"items": items}
        if promo_code:
            body["promo_code"] = promo_code
        return (await self._calls.send("POST", "/v1/quotes", body, key=key)).read(Quote)

    async def methods(self) -> Methods:
        """Return how one can pay."""
        return await self._calls.get(Methods, "/v1/payment-methods")

    async def order(
        self, quote: Quote, method: str, *, return_url: str | None, use_bonus: bool, key: str
    ) -> PlacedOrder:
        """Buy what was quoted; the same key buys once, however often it is sent."""
        body: dict[str, object] = {
            "quote_id": quote.id,
            "signature": quote.signature,
            "method": method,
            "use_bonus": use_bonus,
        }
        if return_url:
            body["return_url"] = return_url
        return (await self._calls.send("POST", "/v1/orders", body, key=key)).read(PlacedOrder)


class OrderBook:
    """Orders of the player, and giving back."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def orders(self, *, cursor: str | None = None) -> Orders:
        """Return the player's orders."""
        query = {"limit": str(PAGE_SIZE)} | ({"cursor": cursor} if cursor else {})
        return await self._calls.get(Orders, "/v1/orders", query)

    async def order_page(self, order_id: str) -> OrderPage:
        """Return one order."""
        return await self._calls.get(OrderPage, path("/v1/orders/{id}", id=order_id))

    async def cancel(self, order_id: str, *, key: str) -> None:
        """Cancel an order that is not paid yet."""
        await self._calls.send("POST", path("/v1/orders/{id}/cancel", id=order_id), key=key)

    async def eligibility(self, order_id: str) -> Eligibility:
        """Return whether an order may be given back, and why."""
        return await self._calls.get(Eligibility, path("/v1/orders/{id}/refund-eligibility", id=order_id))

    async def give_back(
        self, order_id: str, *, lines: list[str] | None, reason: str, destination: str, key: str
    ) -> Refund:
        """Give an order back, or some of its lines."""
        body: dict[str, object] = {"reason": reason, "destination": destination}
        if lines is not None:
            body["lines"] = lines
        return (
            await self._calls.send("POST", path("/v1/orders/{id}/refunds", id=order_id), body, key=key)
        ).read(Refund)
