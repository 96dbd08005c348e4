"""Children buy what their families let them, over REST: nothing, what an adult approved, or whatever they like."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from samovar.services.account.contract.family_events import PurchaseRequestApproved
from tests.services.payment.market import faults
from tests.services.payment.orders.checkout.counter import Counter
from tests.services.payment.quotes.making import line

PRICE = 129_900
ORDERS = "SELECT count(*) FROM orders WHERE account_id = $1"
TAKEN = "SELECT count(*) FROM quotes WHERE id = $1 AND taken_at IS NOT NULL"
USED = "SELECT count(*) FROM purchase_approvals WHERE account_id = $1 AND order_id IS NOT NULL"


async def approve(
    counter: Counter, family_id: UUID, child: UUID, package_id: UUID, *, ago: timedelta = timedelta()
) -> None:
    """Let an adult approve a package, and wait until payment knows."""
    event = PurchaseRequestApproved(
        request_id=uuid4(),
        family_id=family_id,
        account_id=child,
        payer_id=uuid4(),
        package_id=package_id,
        approved_at=datetime.now(UTC) - ago,
    )
    await counter.payment.announce(event)
    await counter.payment.until("SELECT true FROM purchase_approvals WHERE request_id = $1", event.request_id)


@pytest.mark.parametrize(
    ("purchases", "store"),
    [("never", "open"), ("unheard_of", "open"), ("free", "closed"), ("approval", "closed")],
)
async def test_a_child_that_may_not_buy_buys_nothing_even_what_was_approved(
    counter: Counter, purchases: str, store: str
) -> None:
    child, package_id = await counter.buyer(wallet=1_000_000), uuid4()
    family_id = counter.families.limit(child, purchases, may_open_store=store == "open")
    await approve(counter, family_id, child, package_id)
    quote = await counter.quote(child, line(child, package_id=package_id))
    answer = await counter.order(quote)
    assert (answer.status, answer.body["code"]) == (403, "payment.purchases_not_allowed")
    free = await counter.order(await counter.quote(child, line(child, 0)), method="free")
    assert (free.status, free.body["code"]) == (403, "payment.purchases_not_allowed")
    assert await counter.left(child) == 1_000_000
    assert await counter.count(ORDERS, child) == 0
    assert await counter.count(TAKEN, quote.id) == 0


async def test_without_an_approval_nothing_is_taken_and_the_lines_are_named(counter: Counter) -> None:
    child, approved = await counter.buyer(wallet=1_000_000), uuid4()
    family_id = counter.families.limit(child, "approval")
    await approve(counter, family_id, child, approved)
    quote = await counter.quote(child, line(child, package_id=approved), line(child, 100))
    answer = await counter.order(quote)
    assert (answer.status, answer.body["code"]) == (409, "payment.purchase_needs_approval")
    assert faults(answer) == {"lines[1].package_id": "needs_approval"}
    assert await counter.left(child) == 1_000_000
    for sql, subject in ((ORDERS, child), (USED, child), (TAKEN, quote.id)):
        assert await counter.count(sql, subject) == 0


async def test_what_an_adult_approved_is_bought_once_however_many_ask(counter: Counter) -> None:
    child, package_id = await counter.buyer(wallet=1_000_000), uuid4()
    family_id = counter.families.limit(child, "approval")
    await approve(counter, family_id, child, package_id)
    quotes = [await counter.quote(child, line(child, PRICE, package_id=package_id)) for _ in range(4)]
    answers = await asyncio.gather(*(counter.order(quote) for quote in quotes))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
    assert await counter.left(child) == 1_000_000 - PRICE
    assert await counter.count(USED, child) == 1


async def test_an_approval_that_was_used_stays_used_when_the_package_can_be_bought_again(
    counter: Counter,
) -> None:
    child, package_id = await counter.buyer(wallet=1_000_000), uuid4()
    family_id = counter.families.limit(child, "approval")
    await approve(counter, family_id, child, package_id)
    first = await counter.order(await counter.quote(child, line(child, package_id=package_id)))
    assert first.status == 201
    async with counter.database.transaction() as tx:
        await tx.execute("DELETE FROM purchase_claims WHERE account_id = $1", child)
    again = await counter.order(await counter.quote(child, line(child, package_id=package_id)))
    assert (again.status, again.body["code"]) == (409, "payment.purchase_needs_approval")


async def test_an_order_that_nobody_paid_gives_its_approval_back(counter: Counter) -> None:
    child, package_id = await counter.buyer(), uuid4()
    family_id = counter.families.limit(child, "approval")
    await approve(counter, family_id, child, package_id)
    first = await counter.order(await counter.quote(child, line(child, package_id=package_id)), method="sbp")
    assert (first.status, first.body["status"]) == (201, "pending")
    assert (await counter.cancel(child, first.body["id"])).status == 200
    again = await counter.order(await counter.quote(child, line(child, package_id=package_id)), method="sbp")
    assert again.status == 201


@pytest.mark.parametrize("wrong", ["family", "child", "package", "age"])
async def test_an_approval_of_something_else_lets_nothing_through(counter: Counter, wrong: str) -> None:
    child, package_id = await counter.buyer(wallet=1_000_000), uuid4()
    family_id = counter.families.limit(child, "approval")
    await approve(
        counter,
        uuid4() if wrong == "family" else family_id,
        uuid4() if wrong == "child" else child,
        uuid4() if wrong == "package" else package_id,
        ago=timedelta(days=8) if wrong == "age" else timedelta(),
    )
    answer = await counter.order(await counter.quote(child, line(child, package_id=package_id)))
    assert (answer.status, answer.body["code"]) == (409, "payment.purchase_needs_approval")


async def test_a_child_whose_adults_decide_gives_nothing_away(counter: Counter) -> None:
    child, friend, package_id = await counter.buyer(wallet=1_000_000), uuid4(), uuid4()
    family_id = counter.families.limit(child, "approval")
    await approve(counter, family_id, child, package_id)
    gift = await counter.quote(child, line(friend, package_id=package_id, is_gift=True))
    answer = await counter.order(gift)
    assert (answer.status, answer.body["code"]) == (403, "payment.purchases_not_allowed")
    assert faults(answer) == {"lines[0].recipient_id": "gift_not_allowed"}
    assert await counter.count(USED, child) == 0


async def test_a_child_that_may_buy_freely_buys_and_gives(counter: Counter) -> None:
    child, friend = await counter.buyer(wallet=1_000_000), uuid4()
    counter.families.limit(child, "free")
    both = await counter.quote(child, line(child), line(friend, is_gift=True))
    assert (await counter.order(both)).status == 201
