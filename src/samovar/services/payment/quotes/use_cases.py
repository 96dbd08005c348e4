"""What a purchase costs: quotes are made, shown, and forgotten."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.money import AMOUNT_MAX
from samovar.kit.settings import Secret
from samovar.services.payment.asking.errors import CatalogAway
from samovar.services.payment.asking.residence import Residences
from samovar.services.payment.errors import QuoteNotFound
from samovar.services.payment.promo import domain as promo
from samovar.services.payment.promo.domain import PromoCode
from samovar.services.payment.promo.trying import Trying, refused
from samovar.services.payment.quotes import domain, repository
from samovar.services.payment.quotes.domain import Offer, Quote, QuoteLine
from samovar.services.payment.quotes.errors import ItemsRefused
from samovar.services.payment.quotes.offers import Offers
from samovar.services.payment.quotes.schemas import LeftOutView, NewQuoteView, QuoteView, QuoteWish
from samovar.services.payment.quotes.wishes import require_country, wishes_of

# An order, its events and its receipt hold all of them.
LINES_MAX = 100
APPS_MAX = 2_000
KEPT = timedelta(days=1)
FORGOTTEN_AT_ONCE_MAX = 1_000


class Quotes:
    """Quotes of callers.

    Args:
        ttl_s: How long a quote holds, unless a price in it ends before.
        gift_days: How long a gift waits for its recipient.
    """

    def __init__(
        self,
        database: Database,
        *,
        offers: Offers,
        residences: Residences,
        trying: Trying,
        secret: Secret,
        ttl_s: int,
        gift_days: int,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._offers = offers
        self._residences = residences
        self._trying = trying
        self._secret = secret
        self._ttl = timedelta(seconds=ttl_s)
        self._gift_days = gift_days
        self._clock = clock
        self._new_id = new_id

    async def make(self, caller: Caller, wish: QuoteWish, *, address: str, once: Once) -> NewQuoteView:
        """Price a purchase and keep the quote.

        Raises:
            InvalidInput: A field breaks a rule; it is named.
            ItemsRefused: Something cannot be bought; the fields say what and why.
            PromoCodeRefused: The code takes nothing off; the field says why.
            TooManyPromoCodes: Too many codes were tried.
            CatalogAway: Nobody can say what things cost.
            LibraryAway: Nobody can say what is owned.
            AccountAway: There are gifts, and nobody can say who is a friend.
        """
        named = None if wish.country is None else require_country(wish.country)
        country = await self._residences.buying(caller.account_id, named)
        wishes = wishes_of(caller.account_id, wish.items)
        priced_at = self._clock.now()
        offers = await self._offers.of(caller.account_id, wishes, country)
        lines, currency = _bought(offers)
        code = None
        if wish.promo_code is not None:
            code = await self._trying.find(caller.account_id, address, wish.promo_code)
            lines = await self._reduced(caller.account_id, code, lines, country, currency)
        now = self._clock.now()
        ends = [offer.valid_until for offer in offers if offer.valid_until]
        quote = domain.signed(
            Quote(
                id=self._new_id(),
                account_id=caller.account_id,
                country=country,
                currency=currency,
                lines=lines,
                promo_code_id=code.id if code else None,
                promo_code=code.code if code else None,
                subtotal=sum(line.price for line in lines),
                total=sum(line.final for line in lines),
                gift_days=self._gift_days,
                priced_at=priced_at,
                created_at=now,
                expires_at=min([now + self._ttl, *ends, *([code.ends_at] if code and code.ends_at else [])]),
            ),
            self._secret.reveal(),
        )
        if quote.expires_at <= now:
            raise CatalogAway("a price ends at this moment: ask again", retry_after_s=1.0)
        shown = QuoteView.of(quote, now)
        view = NewQuoteView(
            **msgspec.structs.asdict(shown),
            left_out=[LeftOutView.of(one) for offer in offers for one in offer.left_out],
        )
        async with self._database.transaction() as tx:
            await repository.insert_quote(tx, quote)
            return await once.answer(tx, view)

    async def show(self, caller: Caller, quote_id: UUID) -> QuoteView:
        """Return a quote of the caller's.

        Raises:
            QuoteNotFound: They have no such quote.
        """
        quote = await repository.find_quote(self._database, quote_id)
        if quote is None or quote.account_id != caller.account_id:
            raise QuoteNotFound(f"{quote_id}")
        return QuoteView.of(quote, self._clock.now())

    async def _reduced(
        self, account_id: UUID, code: PromoCode, lines: tuple[QuoteLine, ...], country: str, currency: str
    ) -> tuple[QuoteLine, ...]:
        """Return the lines with what a code takes off; it is used up only when the quote is taken."""
        uses = await self._trying.uses(code.id, account_id)
        reason = promo.obstacle(
            code, lines, country=country, currency=currency, uses=uses, now=self._clock.now()
        )
        if reason:
            raise refused(reason)
        return promo.applied(code, lines, currency)


class Forgetting:
    """Deletes quotes that became no order."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def forget(self) -> int:
        """Delete those that ran out a day ago, a batch; returns how many."""
        async with self._database.transaction() as tx:
            return await repository.delete_expired(tx, self._clock.now() - KEPT, FORGOTTEN_AT_ONCE_MAX)


def _bought(offers: Sequence[Offer]) -> tuple[tuple[QuoteLine, ...], str]:
    """Return what all offers come to, and its currency.

    Raises:
        ItemsRefused: One of them is refused, or of another currency than the first.
        InvalidInput: The same package is in two of them for the same person, or they come to too much.
    """
    faults = [fault for place, offer in enumerate(offers) for fault in _faults(place, offer, offers[0])]
    if faults:
        raise ItemsRefused(f"{len(faults)} refused", fields=faults)
    _require_once(offers)
    lines = tuple(line for offer in offers for line in offer.lines)
    if len(lines) > LINES_MAX or sum(len(line.app_ids) for line in lines) > APPS_MAX:
        raise InvalidInput(
            fields=[FieldError("items", "too_long", "too many packages at once", str(LINES_MAX))]
        )
    if sum(line.base for line in lines) > AMOUNT_MAX:
        raise InvalidInput(
            fields=[FieldError("items", "too_large", "more than can be counted", str(AMOUNT_MAX))]
        )
    return lines, offers[0].currency or ""


def _faults(place: int, offer: Offer, first: Offer) -> list[FieldError]:
    field = f"items[{place}]"
    if offer.refusal:
        parts = offer.left_out if offer.refusal == "incomplete" else ()
        needed = "its game is neither owned nor bought with it"
        return [
            FieldError(field, f"item_{offer.refusal}", "it cannot be bought"),
            *(
                FieldError(
                    f"{field}.packages.{part.package_id}", f"item_{part.reason}", "it cannot be bought"
                )
                for part in parts
            ),
            *(
                FieldError(f"{field}.needed.{app_id}", f"item_{domain.BASE_NEEDED}", needed)
                for app_id in offer.needed
            ),
        ]
    if offer.currency != first.currency and first.currency:
        return [FieldError(field, "item_mixed_currencies", "another currency than the items before it")]
    return []


def _require_once(offers: Sequence[Offer]) -> None:
    seen: set[tuple[UUID, UUID]] = set()
    faults = []
    for place, offer in enumerate(offers):
        keys = {(line.recipient_id, line.package_id) for line in offer.lines}
        if not seen.isdisjoint(keys):
            faults.append(FieldError(f"items[{place}]", "repeated", "the same package for the same person"))
        seen |= keys
    if faults:
        raise InvalidInput(f"{len(faults)} repeated", fields=faults)
