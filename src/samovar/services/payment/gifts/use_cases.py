"""Gifts: accepted, declined, and given back when nobody takes them."""

from uuid import UUID

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import SamovarError
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment import repository as orders
from samovar.services.payment.asking.everyone import Everyone
from samovar.services.payment.domain import PAID
from samovar.services.payment.gifts import repository
from samovar.services.payment.gifts.domain import Gift, GiftState, Reason
from samovar.services.payment.gifts.errors import (
    GiftAgeRestricted,
    GiftNotActivatable,
    GiftNotFound,
    GiftOver,
    GiftOwned,
)
from samovar.services.payment.gifts.repository import GiftKey
from samovar.services.payment.gifts.schemas import Box, GiftView
from samovar.services.payment.refunds import granting
from samovar.services.payment.refunds.errors import FundsTaken, NothingToRefund, OrderNotRefundable

OVERDUE_AT_ONCE_MAX = 200

log = structlog.get_logger(__name__)


class Gifts:
    """Gifts of callers. The lock of the order lets one of accepting, declining, expiring and refunding happen."""

    def __init__(self, database: Database, *, everyone: Everyone, clock: Clock) -> None:
        self._database = database
        self._everyone = everyone
        self._clock = clock

    async def list_gifts(
        self, caller: Caller, *, box: Box, state: GiftState | None, cursor: str | None, limit: int
    ) -> Page[GiftView]:
        """Return gifts to the caller or from them, the latest first.

        Raises:
            InvalidInput: The cursor is none of this list.
        """
        read = repository.list_received if box == "received" else repository.list_sent
        rows = await read(self._database, caller.account_id, state, decode_cursor(cursor, GiftKey), limit + 1)
        return page_of([GiftView.of(row) for row in rows], limit, lambda gift: GiftKey(gift.id))

    async def show(self, caller: Caller, gift_id: UUID) -> GiftView:
        """Return a gift to the caller or from them.

        Raises:
            GiftNotFound: There is no such one.
        """
        gift = await repository.find_gift(self._database, gift_id)
        if gift is None or caller.account_id not in {gift.recipient_id, gift.sender_id}:
            raise GiftNotFound(f"{gift_id}")
        return GiftView.of(gift)

    async def accept(self, caller: Caller, gift_id: UUID) -> GiftView:
        """Take a gift; library gives the licence once it hears of it. Done twice, it is done once.

        Raises:
            GiftNotFound: There is no such gift for the caller.
            GiftOver: It waits no longer.
            GiftNotActivatable: It cannot be activated where the caller lives.
            GiftAgeRestricted: Its age mark is above the caller's age level.
            GiftOwned: The caller has all of it.
            CatalogAway: Nobody can say what it is.
            LibraryAway: Nobody can say what the caller owns.
            AccountAway: Nobody can say how old the caller is.
        """
        gift = await _received(self._database, caller, gift_id)
        if gift.state == "accepted":
            return GiftView.of(gift)
        if not gift.waits(self._clock.now()):
            raise GiftOver(f"{gift_id} is {gift.state}")
        await self._require_may_have(gift)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            # What is being refunded is accepted no more, and what is accepted is refunded as a licence.
            order = await orders.lock_order(tx, gift.order_id)
            (line,) = await orders.find_lines(tx, [gift.line_id])
            paid = order is not None and order.status in PAID
            if not paid or line.refund_pending or line.refunded_at or not gift.waits(now):
                raise GiftOver(f"{gift_id} is being given back")
            done = await repository.resolve(tx, [gift_id], "accepted", None, now)
            await tx.publish_many([one.accepted(now) for one in done])
        if done:
            return GiftView.of(done[0])
        gift = await _received(self._database, caller, gift_id)
        if gift.state == "accepted":
            return GiftView.of(gift)
        raise GiftOver(f"{gift_id} is {gift.state}")

    async def _require_may_have(self, gift: Gift) -> None:
        recipient = gift.recipient_id
        country = (await self._everyone.residences.of([recipient]))[recipient]
        if not await self._everyone.catalog.is_activatable(gift.package_id, country):
            raise GiftNotActivatable(f"{gift.package_id} in {country}")
        sold = (await self._everyone.catalog.packages([gift.package_id])).get(gift.package_id)
        mark = sold.age_rating if sold else 0
        if mark and mark > await self._everyone.people.age_level(recipient):
            raise GiftAgeRestricted(f"{gift.package_id}", mark=mark)
        if (await self._everyone.library.owned(recipient, gift.app_ids)).issuperset(gift.app_ids):
            raise GiftOwned(f"{recipient} of {gift.package_id}")


class Returns:
    """Gifts that nobody takes go back, and so does what was paid for them."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def decline(self, caller: Caller, gift_id: UUID) -> GiftView:
        """Refuse a gift: what was paid for it goes back to its sender. Done twice, it is done once.

        Raises:
            GiftNotFound: There is no such gift for the caller.
            GiftOver: It was accepted, or is gone.
        """
        gift = await _received(self._database, caller, gift_id)
        if gift.state == "sent":
            gift = await self._give_back(gift, "declined", caller.account_id) or await _received(
                self._database, caller, gift_id
            )
        if gift.reason != "declined":
            raise GiftOver(f"{gift_id} is {gift.state}")
        return GiftView.of(gift)

    async def expire(self) -> int:
        """Give back what has waited long enough; returns how much of it there was."""
        overdue = await repository.list_overdue(self._database, self._clock.now(), OVERDUE_AT_ONCE_MAX)
        given_back = 0
        for gift in overdue:
            try:
                given_back += await self._give_back(gift, "expired", None) is not None
            except SamovarError as error:
                # One that cannot be given back must not keep the others waiting.
                log.exception("a gift was not given back", gift_id=str(gift.id), error=str(error))
        return given_back

    async def _give_back(self, gift: Gift, reason: Reason, actor_id: UUID | None) -> Gift | None:
        """Return a gift and refund its sender; returns it as it is then, none where it waited no longer."""
        try:
            async with self._database.transaction() as tx:
                returned = await self._return(tx, gift, reason)
                if returned:
                    await granting.grant(
                        tx,
                        order_id=gift.order_id,
                        line_ids=[gift.line_id],
                        reason=f"gift_{reason}",
                        destination="instrument",
                        actor_id=actor_id,
                        now=self._clock.now(),
                    )
                return returned
        except (FundsTaken, NothingToRefund, OrderNotRefundable) as error:
            # Its money has gone back by another way; the gift must not wait for ever.
            log.warning("a gift was returned without a refund", gift_id=str(gift.id), error=str(error))
        async with self._database.transaction() as tx:
            return await self._return(tx, gift, reason)

    async def _return(self, tx: Transaction, gift: Gift, reason: Reason) -> Gift | None:
        now = self._clock.now()
        await orders.lock_order(tx, gift.order_id)
        done = await repository.resolve(tx, [gift.id], "returned", reason, now)
        await tx.publish_many([one.returned(reason, now) for one in done])
        return done[0] if done else None


async def _received(database: Database, caller: Caller, gift_id: UUID) -> Gift:
    gift = await repository.find_gift(database, gift_id)
    if gift is None or gift.recipient_id != caller.account_id:
        raise GiftNotFound(f"{gift_id}")
    return gift
