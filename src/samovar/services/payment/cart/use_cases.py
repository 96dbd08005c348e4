"""Carts: shown with present prices, and filled anew."""

from collections.abc import Sequence

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.kit.money import AMOUNT_MAX, Money
from samovar.kit.rest.etags import require_match
from samovar.services.payment.asking.errors import AccountAway, CatalogAway, LibraryAway
from samovar.services.payment.asking.residence import Residences
from samovar.services.payment.cart import domain, repository
from samovar.services.payment.cart.domain import Contents, Held
from samovar.services.payment.cart.schemas import CartItem, CartView, CartWish
from samovar.services.payment.quotes.domain import Offer
from samovar.services.payment.quotes.offers import Offers
from samovar.services.payment.quotes.schemas import LeftOutView, LineView
from samovar.services.payment.quotes.wishes import require_country, wishes_of


class Carts:
    """Carts of callers. Each method that shows one returns what its `ETag` stands for, too."""

    def __init__(self, database: Database, *, offers: Offers, residences: Residences, clock: Clock) -> None:
        self._database = database
        self._offers = offers
        self._residences = residences
        self._clock = clock

    async def show(self, caller: Caller, country: str | None) -> tuple[CartView, Contents]:
        """Return the cart of the caller, with the prices of a country or of the one where they live.

        Raises:
            InvalidInput: There is no such country, or the caller buys in another one.
        """
        where = await self._country(caller, country)
        held = await repository.list_items(self._database, caller.account_id)
        return await self._priced(caller, held, where), domain.contents_of(held)

    async def fill(
        self, caller: Caller, wish: CartWish, *, country: str | None, if_match: str | None
    ) -> tuple[CartView, Contents]:
        """Let the cart hold this and nothing else. Whether it can be bought is told, not asked for.

        Raises:
            InvalidInput: A field breaks a rule; it is named.
            PreconditionFailed: It is no longer what the client has seen.
        """
        where = await self._country(caller, country)
        wishes = wishes_of(caller.account_id, wish.items)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await repository.hold(tx, caller.account_id, now)
            before = await repository.list_items(tx, caller.account_id)
            require_match(if_match, domain.contents_of(before))
            held = domain.filled(wishes, before, now)
            if held != before:
                await repository.replace_items(tx, caller.account_id, held)
        return await self._priced(caller, held, where), domain.contents_of(held)

    async def empty(self, caller: Caller, *, if_match: str | None) -> None:
        """Take everything out.

        Raises:
            PreconditionFailed: It is no longer what the client has seen.
        """
        async with self._database.transaction() as tx:
            await repository.hold(tx, caller.account_id, self._clock.now())
            require_match(if_match, domain.contents_of(await repository.list_items(tx, caller.account_id)))
            await repository.replace_items(tx, caller.account_id, [])

    async def _country(self, caller: Caller, country: str | None) -> str:
        named = None if country is None else require_country(country)
        return await self._residences.buying(caller.account_id, named)

    async def _priced(self, caller: Caller, held: Sequence[Held], country: str) -> CartView:
        """Return a cart with prices; without those who know them it is shown all the same."""
        if not held:
            return CartView(country=country, items=[], is_priced=True, total=None)
        try:
            offers = domain.judged(
                await self._offers.of(caller.account_id, [one.wish for one in held], country)
            )
        except (CatalogAway, LibraryAway, AccountAway):
            items = [_item(one, None) for one in held]
            return CartView(country=country, items=items, is_priced=False, total=None)
        items = [_item(one, offer) for one, offer in zip(held, offers, strict=True)]
        prices = [item.price for item in items if item.price]
        amount = sum(price.amount for price in prices)
        total = Money(amount, prices[0].currency) if prices and amount <= AMOUNT_MAX else None
        return CartView(country=country, items=items, is_priced=True, total=total)


def _item(held: Held, offer: Offer | None) -> CartItem:
    item = CartItem(
        package_id=held.package_id,
        bundle_id=held.bundle_id,
        gift_to=held.recipient_id,
        message=held.message,
        added_at=held.added_at,
    )
    if offer is None:
        return item
    currency = offer.currency
    lines = [LineView.of(line, currency) for line in offer.lines] if currency else []
    return msgspec.structs.replace(
        item,
        names=offer.names,
        lines=lines,
        left_out=[LeftOutView.of(one) for one in offer.left_out],
        needed=list(offer.needed),
        price=Money(sum(line.final for line in offer.lines), currency) if lines and currency else None,
        refusal=offer.refusal,
    )
