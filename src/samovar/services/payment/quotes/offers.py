"""What each of several wishes costs at this moment, or why it cannot be bought. Asks others; writes nothing.

Catalog prices each recipient's wishes with what library says they own at this second; a gift is priced for whoever gets it, where
they live. What is being bought already is refused by the claims of orders; DLC where its game is neither owned
nor bought with it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.services.payment.asking.domain import PricedItem, PricedLine, Sold
from samovar.services.payment.asking.errors import CatalogAway
from samovar.services.payment.asking.everyone import Everyone
from samovar.services.payment.quotes import domain, repository
from samovar.services.payment.quotes.domain import LeftOut, Offer, QuoteLine, Wish

_TOGETHER = "must_purchase_together"


class _Priced(msgspec.Struct, frozen=True):
    wish: Wish
    recipient_id: UUID
    item: PricedItem


class Offers:
    """Prices wishes."""

    def __init__(self, database: Database, everyone: Everyone) -> None:
        self._database = database
        self._everyone = everyone

    async def of(self, account_id: UUID, wishes: Sequence[Wish], country: str) -> list[Offer]:
        """Return what each wish costs, in the same order.

        Raises:
            CatalogAway: Nobody can say what things cost.
            LibraryAway: Nobody can say what is owned.
            AccountAway: There are gifts, and nobody can say who is a friend.
        """
        places: dict[UUID, list[int]] = defaultdict(list)
        for place, wish in enumerate(wishes):
            places[wish.recipient_id or account_id].append(place)
        friends = await self._friends(account_id, [who for who in places if who != account_id])
        asked = {who: mine for who, mine in places.items() if who == account_id or who in friends}
        homes = await self._everyone.residences.of([who for who in asked if who != account_id])
        answers = await asyncio.gather(
            *(
                self._priced(who, [wishes[place] for place in mine], country, homes.get(who))
                for who, mine in asked.items()
            )
        )
        priced = {
            place: _Priced(wishes[place], who, item)
            for (who, mine), (items, _) in zip(asked.items(), answers, strict=True)
            for place, item in zip(mine, items, strict=True)
        }
        offers = await self._offers(account_id, [priced.get(place) for place in range(len(wishes))])
        owned = {who: had for who, (_, had) in zip(asked, answers, strict=True)}
        return domain.with_bases(offers, owned)

    async def _friends(self, account_id: UUID, others: Sequence[UUID]) -> frozenset[UUID]:
        if not others:
            return frozenset()
        return await self._everyone.people.friends_among(account_id, others)

    async def _priced(
        self, recipient_id: UUID, wishes: Sequence[Wish], country: str, home: str | None
    ) -> tuple[list[PricedItem], frozenset[UUID]]:
        """Price wishes of one recipient, a second time where library knows of more than catalog; and return what they own of it all."""
        wanted = [wish.wanted for wish in wishes]
        items = await self._everyone.catalog.price(
            wanted, country=country, account_id=recipient_id, activation_country=home
        )
        bought = [line for item in items for line in item.lines if line.refusal is None]
        app_ids = {app_id for line in bought for app_id in (*line.app_ids, *line.base_app_ids)}
        owned = await self._everyone.library.owned(recipient_id, app_ids) if app_ids else frozenset()
        if not any(owned.issuperset(line.app_ids) for line in bought):
            return items, owned
        again = await self._everyone.catalog.price(
            wanted,
            country=country,
            account_id=recipient_id,
            activation_country=home,
            owned_app_ids=owned,
        )
        return again, owned

    async def _offers(self, account_id: UUID, priced: Sequence[_Priced | None]) -> list[Offer]:
        held = [(one.recipient_id, line.package_id) for one in priced if one for line in one.item.lines]
        if not held:
            return [_offer(account_id, one, {}, frozenset()) for one in priced]
        claimed = await repository.find_claims(self._database, held)
        sold = await self._everyone.catalog.packages({package_id for _, package_id in held})
        return [_offer(account_id, one, sold, claimed) for one in priced]


def _offer(
    account_id: UUID,
    priced: _Priced | None,
    sold: Mapping[UUID, Sold],
    claimed: frozenset[tuple[UUID, UUID]],
) -> Offer:
    if priced is None:
        return Offer(names={}, refusal="not_friend")
    item = priced.item
    lines, left_out = [], []
    for line in item.lines:
        is_claimed = (priced.recipient_id, line.package_id) in claimed
        known = sold.get(line.package_id)
        reason = line.refusal or ("in_purchase" if is_claimed else None) or (None if known else "not_found")
        if reason or known is None:
            left_out.append(
                LeftOut(package_id=line.package_id, names=line.names, reason=reason or "not_found")
            )
        else:
            lines.append(_line(account_id, priced, line, known))
    refusal = item.refusal or _refusal(item, len(lines), left_out)
    if refusal:
        return Offer(names=item.names, left_out=tuple(left_out), refusal=refusal)
    ends = [line.valid_until for line in item.lines if line.valid_until and line.refusal is None]
    return Offer(
        names=item.names,
        lines=tuple(lines),
        left_out=tuple(left_out),
        is_whole=item.bundle_kind == _TOGETHER,
        currency=next(line.final.currency for line in item.lines if line.final),
        valid_until=min([*ends, *([item.valid_until] if item.valid_until else [])], default=None),
    )


def _refusal(item: PricedItem, bought: int, left_out: Sequence[LeftOut]) -> str | None:
    """Return why nothing of an item is bought, beyond what catalog has said of it as a whole."""
    if not bought:
        return left_out[0].reason if left_out else "not_found"
    return "incomplete" if left_out and item.bundle_kind == _TOGETHER else None


def _line(account_id: UUID, priced: _Priced, line: PricedLine, sold: Sold) -> QuoteLine:
    base, reduced, final = line.base, line.reduced, line.final
    if base is None or reduced is None or final is None:
        raise CatalogAway(f"{line.package_id} has neither a price nor a reason")
    if not 0 <= final.amount <= reduced.amount <= base.amount or not (
        base.currency == reduced.currency == final.currency
    ):
        raise CatalogAway(f"{line.package_id}: {base}, {reduced}, {final} is no price")
    return QuoteLine(
        package_id=line.package_id,
        bundle_id=priced.wish.bundle_id,
        app_ids=line.app_ids,
        names=line.names,
        organisation_id=sold.organisation_id,
        recipient_id=priced.recipient_id,
        is_gift=priced.recipient_id != account_id,
        is_preorder=line.is_preorder,
        message=priced.wish.message,
        base=base.amount,
        discount_percent=line.discount_percent,
        reduced=reduced.amount,
        bundle_percent=line.bundle_percent,
        price=final.amount,
        region=line.region,
        price_version=line.version,
        final=final.amount,
        base_app_ids=line.base_app_ids or msgspec.UNSET,
    )
