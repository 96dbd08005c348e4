"""A gift is accepted once by whoever it is for and may have it, or its money goes back."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.ids import new_id
from samovar.services.payment.contract.events import GiftAccepted, GiftReturned, RefundStarted
from samovar.services.payment.gifts import jobs, sending
from samovar.services.payment.gifts.use_cases import Returns
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.refunds import granting
from samovar.testing.clock import FakeClock
from samovar.testing.hosting import Answer
from tests.services.payment.gifts.making import ordered
from tests.services.payment.market import Market, Package
from tests.services.payment.quotes.making import NOW

LATER = NOW + timedelta(days=31)


class Gift:
    """A gift that waits, and those whom it concerns."""

    def __init__(self, market: Market, sender: UUID, friend: UUID, order_id: UUID, line_id: UUID) -> None:
        self.market = market
        self.sender = sender
        self.friend = friend
        self.order_id = order_id
        self.line_id = line_id
        self.id = line_id
        self.package: Package = market.package()

    async def ask(self, verb: str, account_id: UUID | None = None) -> Answer:
        path = f"/v1/gifts/{self.id}/{verb}"
        return await self.market.ask("POST", path, account_id or self.friend)

    async def shown(self) -> dict[str, Any]:
        answer = await self.market.ask("GET", f"/v1/gifts/{self.id}", self.sender)
        assert answer.status == 200, answer.body
        return dict(answer.body)

    async def expire(self) -> None:
        returns = Returns(self.market.database, clock=FakeClock(LATER))
        await jobs.return_gifts.function(returns)

    async def wallet(self) -> int:
        account = Account(Kind.WALLET, str(self.sender))
        return (await posting.balance(self.market.database, account)).available

    async def told(self) -> tuple[int, int, int]:
        """Return how often it was told that it was accepted, that it was returned, and that a refund began."""
        accepted = await self.market.payment.events(GiftAccepted)
        returned = await self.market.payment.events(GiftReturned)
        started = await self.market.payment.events(RefundStarted)
        return (
            sum(event.gift_id == self.id for event in accepted),
            sum(event.gift_id == self.id for event in returned),
            sum(event.order_id == self.order_id for event in started),
        )


async def sent(market: Market, message: str | None = "С праздником!") -> Gift:
    sender, friend = uuid4(), uuid4()
    order, (line,) = await ordered(market.database, sender, friend, message=message)
    async with market.database.transaction() as tx:
        await sending.send(tx, order, [line], now=NOW, new_id=lambda: line.id)
    gift = Gift(market, sender, friend, order.id, line.id)
    gift.package.id, gift.package.app_ids = line.package_id, list(line.app_ids)
    market.catalog.packages[str(line.package_id)] = gift.package
    return gift


async def test_a_gift_is_accepted_once(market: Market) -> None:
    gift = await sent(market)
    answers = await asyncio.gather(*(gift.ask("accept") for _ in range(5)))
    assert {answer.status for answer in answers} == {200}
    assert {answer.body["state"] for answer in answers} == {"accepted"}
    assert await gift.told() == (1, 0, 0)
    (event,) = [one for one in await market.payment.events(GiftAccepted) if one.gift_id == gift.id]
    assert (event.line_id, event.recipient_id, event.app_ids) == (
        gift.line_id,
        gift.friend,
        tuple(gift.package.app_ids),
    )
    assert (await gift.ask("decline")).body["code"] == "payment.gift_over"


async def test_a_gift_that_is_declined_gives_the_money_back_once(market: Market) -> None:
    gift = await sent(market)
    answers = await asyncio.gather(*(gift.ask("decline") for _ in range(5)))
    assert {(answer.status, answer.body["reason"]) for answer in answers} == {(200, "declined")}
    assert await gift.told() == (0, 1, 1)
    assert await gift.wallet() == 50_000
    assert (await gift.ask("accept")).body["code"] == "payment.gift_over"


async def test_one_of_accepting_declining_and_expiring_happens(market: Market) -> None:
    gifts = [await sent(market) for _ in range(4)]
    for gift in gifts:
        await asyncio.gather(gift.ask("accept"), gift.ask("decline"), gift.expire(), gift.ask("accept"))
        state = (await gift.shown())["state"]
        is_accepted = state == "accepted"
        assert await gift.told() == ((1, 0, 0) if is_accepted else (0, 1, 1))
        assert await gift.wallet() == (0 if is_accepted else 50_000)


async def test_what_nobody_took_in_time_goes_back(market: Market) -> None:
    gift = await sent(market)
    early = Returns(market.database, clock=FakeClock(NOW + timedelta(days=29)))
    await jobs.return_gifts.function(early)
    assert (await gift.shown())["state"] == "sent"
    await gift.expire()
    await gift.expire()
    shown = await gift.shown()
    assert (shown["state"], shown["reason"]) == ("returned", "expired")
    assert await gift.told() == (0, 1, 1)
    assert await gift.wallet() == 50_000


async def test_a_refund_and_an_acceptance_never_both_happen(market: Market) -> None:
    async def refund(gift: Gift) -> None:
        async with market.database.transaction() as tx:
            await granting.grant(
                tx,
                order_id=gift.order_id,
                line_ids=[gift.line_id],
                reason="asked",
                destination="wallet",
                actor_id=None,
                now=NOW,
            )

    for gift in [await sent(market) for _ in range(4)]:
        accepted, _ = await asyncio.gather(gift.ask("accept"), refund(gift))
        shown = await gift.shown()
        assert accepted.status == (200 if shown["state"] == "accepted" else 409)
        if shown["state"] == "returned":
            assert shown["reason"] == "withdrawn"
        again = await gift.ask("accept")
        assert again.status == accepted.status


async def test_what_is_being_refunded_is_not_accepted(market: Market) -> None:
    gift = await sent(market)
    async with market.database.transaction() as tx:
        await tx.execute("UPDATE order_lines SET refund_pending = 1 WHERE id = $1", gift.line_id)
    assert (await gift.ask("accept")).body["code"] == "payment.gift_over"
    assert (await gift.shown())["state"] == "sent"


async def test_a_gift_for_another_country_waits_or_is_declined(market: Market) -> None:
    gift = await sent(market)
    gift.package.activatable = False
    answer = await gift.ask("accept")
    assert (answer.status, answer.body["code"]) == (409, "payment.gift_not_activatable")
    assert (await gift.ask("decline")).status == 200


@pytest.mark.parametrize(
    ("level", "mark", "status"), [(16, 18, 403), (18, 18, 200), (None, 18, 403), (None, 16, 200)]
)
async def test_a_gift_is_for_the_age_of_its_recipient(
    market: Market, level: int | None, mark: int, status: int
) -> None:
    gift = await sent(market)
    gift.package.age_rating = mark
    if level is not None:
        market.people.levels[str(gift.friend)] = level
    answer = await gift.ask("accept")
    assert answer.status == status
    if status == 403:
        assert answer.body["code"] == "payment.gift_age_restricted"
        assert "18" in answer.body["detail"]
    assert (await gift.shown())["state"] == ("accepted" if status == 200 else "sent")


async def test_what_is_owned_already_waits_or_is_declined(market: Market) -> None:
    gift = await sent(market)
    market.own(gift.friend, gift.package.app_ids)
    answer = await gift.ask("accept")
    assert (answer.status, answer.body["code"]) == (409, "payment.gift_owned")
    assert (await gift.shown())["state"] == "sent"
    assert (await gift.ask("decline")).status == 200


async def test_a_gift_is_its_recipients_to_answer(market: Market) -> None:
    gift = await sent(market)
    for verb in ("accept", "decline"):
        for stranger in (uuid4(), gift.sender):
            answer = await gift.ask(verb, stranger)
            assert (answer.status, answer.body["code"]) == (404, "payment.gift_not_found")
    assert (await market.ask("GET", f"/v1/gifts/{gift.id}", uuid4())).status == 404
    assert (await market.ask("POST", f"/v1/gifts/{uuid4()}/accept", gift.friend)).status == 404
    assert (await market.ask("POST", f"/v1/gifts/{gift.id}/accept")).status == 401
    assert (await gift.shown())["state"] == "sent"


@pytest.mark.parametrize("peer", ["catalog", "library"])
async def test_without_a_peer_a_gift_waits(market: Market, peer: str) -> None:
    gift, away = await sent(market), getattr(market, peer)
    away.away = True
    try:
        answer = await gift.ask("accept")
    finally:
        away.away = False
    assert (answer.status, answer.body["code"]) == (503, f"payment.{peer}_away")
    assert (await gift.ask("accept")).status == 200


async def test_whose_age_cannot_be_asked_waits_for_it(market: Market) -> None:
    gift = await sent(market)
    gift.package.age_rating = 6
    market.people.away = True
    try:
        answer = await gift.ask("accept")
    finally:
        market.people.away = False
    assert (answer.status, answer.body["code"]) == (503, "payment.account_away")
    assert (await gift.ask("accept")).status == 200


async def test_gifts_are_listed_for_both(market: Market) -> None:
    sender, friend = uuid4(), uuid4()
    for _ in range(3):
        order, lines = await ordered(market.database, sender, friend, message="Играй!")
        async with market.database.transaction() as tx:
            await sending.send(tx, order, lines, now=NOW, new_id=new_id)
    first = await market.ask("GET", "/v1/gifts?limit=2", friend)
    rest = await market.ask("GET", f"/v1/gifts?limit=2&cursor={first.body['next_cursor']}", friend)
    received = [*first.body["items"], *rest.body["items"]]
    assert (len(first.body["items"]), rest.body["next_cursor"]) == (2, None)
    assert [gift["message"] for gift in received] == ["Играй!"] * 3
    both = await market.ask("GET", "/v1/gifts?box=sent", sender)
    assert [gift["id"] for gift in both.body["items"]] == [gift["id"] for gift in received]
    assert (await market.ask("GET", "/v1/gifts", sender)).body["items"] == []
    assert (await market.ask("POST", f"/v1/gifts/{received[0]['id']}/decline", friend)).status == 200
    waiting = await market.ask("GET", "/v1/gifts?state=sent", friend)
    assert len(waiting.body["items"]) == 2
    assert (await market.ask("GET", "/v1/gifts?state=lost", friend)).status == 422
