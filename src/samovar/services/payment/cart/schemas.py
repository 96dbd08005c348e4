"""The shapes of carts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import Money
from samovar.services.payment.quotes.schemas import ITEMS_MAX, ItemWish, LeftOutView, LineView


class CartWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a cart is to hold, in this order."""

    items: Annotated[tuple[ItemWish, ...], Meta(max_length=ITEMS_MAX)]


class CartItem(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a cart, and what it costs at this moment.

    Attributes:
        gift_to: A friend whom it is for; none: the owner of the cart.
        names: By language; empty where nobody can say.
        lines: What would be bought.
        left_out: What of a bundle would not be.
        needed: The games that DLC in it lacks, as app ids: neither owned by whoever it is for, nor in the cart for them.
        price: The sum of the lines; none where it cannot be bought, or prices cannot be told.
        refusal: Why it cannot be bought, a stable code: `not_on_sale`, `owned`, `base_needed`, …
    """

    package_id: UUID | None
    bundle_id: UUID | None
    gift_to: UUID | None
    message: str | None
    added_at: datetime
    names: dict[str, str] = {}
    lines: list[LineView] = []
    left_out: list[LeftOutView] = []
    needed: list[UUID] = []
    price: Money | None = None
    refusal: str | None = None


class CartView(msgspec.Struct, frozen=True, kw_only=True):
    """A cart with present prices. Nothing in it is promised: a quote is.

    Attributes:
        country: Whose prices these are.
        is_priced: Whether prices could be told.
        total: What all that can be bought costs; none where prices cannot be told, or nothing can be bought.
    """

    country: str
    items: list[CartItem]
    is_priced: bool
    total: Money | None
