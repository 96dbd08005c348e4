"""A story is told once, goes on by stages, and is never set back, whatever comes twice or in another order."""

import itertools
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from samovar.kit.events import Event
from samovar.kit.money import Money
from samovar.services.account.contract.events import AccountBlocked, AccountErased
from samovar.services.auth.contract.events import DeveloperGrant, RolesChanged, SessionStarted
from samovar.services.catalog.contract.wishlist_events import CreatorReleased, WishlistAlerted
from samovar.services.notification.contract.events import InboxChanged
from samovar.services.payment.contract.events import GiftAccepted, GiftReturned, GiftSent, OrderClosed
from samovar.services.payment.contract.payouts_events import PayoutRejected
from tests.services.notification.conftest import INBOX_MAX, NOW, Ears
from tests.services.notification.happenings import (
    app_changed,
    friend_request_closed,
    friend_requested,
    friendship_begun,
    order_fulfilled,
    order_paid,
    package_changed,
    profile_changed,
)


async def _published(ears: Ears) -> int:
    count: int = await ears.database.fetch_value(
        "SELECT count(*) FROM kit.outbox WHERE subject = $1", InboxChanged.subject
    )
    return count


async def test_an_event_that_comes_twice_is_told_once(ears: Ears) -> None:
    buyer = uuid4()
    paid = order_paid(buyer)
    await ears.hear(paid, paid)
    assert await ears.kinds(buyer) == ["order_paid"]
    assert await _published(ears) == 1


async def test_a_purchase_is_one_notification_in_either_order(ears: Ears) -> None:
    for swapped in (False, True):
        buyer, order_id, game = uuid4(), uuid4(), uuid4()
        events: list[Event] = [
            order_paid(buyer, order_id=order_id, apps=(game, uuid4())),
            order_fulfilled(buyer, order_id),
        ]
        await ears.hear(app_changed(game), *(reversed(events) if swapped else events))
        (one,) = await ears.inbox_of(buyer)
        assert (one.kind, one.link, one.app_id) == ("order_fulfilled", f"/orders/{order_id}", game)
        assert one.body == "«Ветер» и ещё 1 товар: заказ выполнен."


async def test_a_story_that_goes_on_is_new_again_and_on_top(ears: Ears) -> None:
    buyer, order_id = uuid4(), uuid4()
    await ears.hear(order_paid(buyer, order_id=order_id), order_paid(buyer))
    before = await ears.inbox_of(buyer)
    async with ears.database.transaction() as tx:
        await tx.execute("UPDATE notifications SET read_at = now() WHERE account_id = $1", buyer)
    await ears.hear(order_fulfilled(buyer, order_id))
    after = await ears.inbox_of(buyer)
    assert [(one.kind, one.is_read) for one in after] == [("order_fulfilled", False), ("order_paid", True)]
    assert after[0].id > before[0].id


async def test_an_order_that_nobody_paid_is_no_news_and_a_failed_one_is(ears: Ears) -> None:
    buyer = uuid4()
    for status in ("expired", "canceled", "failed"):
        await ears.hear(
            OrderClosed(order_id=uuid4(), account_id=buyer, status=status, closed_at=NOW, version=2)
        )
    assert await ears.kinds(buyer) == ["order_failed"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_a_pair_ends_where_its_last_event_says_in_every_order(
    ears: Ears, order: tuple[int, ...]
) -> None:
    anna, boris = uuid4(), uuid4()
    events = [
        friend_requested(anna, boris, version=1),
        friend_request_closed(anna, boris, version=2),
        friend_requested(anna, boris, version=3),
    ]
    await ears.hear(*(events[place] for place in order))
    assert await ears.kinds(boris) == ["friend_requested"]
    await ears.hear(friend_request_closed(anna, boris, version=4))
    assert await ears.kinds(boris) == []
    assert await ears.kinds(anna) == []


async def test_an_accepted_request_is_told_to_who_asked_and_done_with_for_who_said_yes(ears: Ears) -> None:
    anna, boris = uuid4(), uuid4()
    await ears.hear(profile_changed(boris, "Борис"), friend_requested(anna, boris))
    await ears.hear(friendship_begun(anna, boris))
    (told,) = await ears.inbox_of(anna)
    assert (told.kind, told.body, told.person_id) == ("friend_accepted", "Борис: ваша заявка принята.", boris)
    assert told.image_url == "/v1/avatars/abc"
    assert await ears.kinds(boris) == []


async def test_a_block_takes_back_what_two_people_were_told_of_each_other(ears: Ears) -> None:
    anna, boris = uuid4(), uuid4()
    await ears.hear(friend_requested(anna, boris), friendship_begun(anna, boris))
    await ears.hear(AccountBlocked(account_id=boris, blocked_id=anna, relation_version=4, blocked_at=NOW))
    assert await ears.kinds(anna) == []
    assert (await ears.inbox.page(anna, language="ru", is_unread=True, limit=10, cursor=None)).items == []


async def test_a_gift_waits_until_it_is_answered(ears: Ears) -> None:
    anna, boris, package, game = uuid4(), uuid4(), uuid4(), uuid4()
    gift = GiftSent(
        gift_id=uuid4(),
        line_id=uuid4(),
        sender_id=anna,
        recipient_id=boris,
        package_id=package,
        expires_at=NOW + timedelta(days=30),
        sent_at=NOW,
    )
    await ears.hear(app_changed(game), package_changed(package, game), profile_changed(anna, "Анна"), gift)
    (told,) = await ears.inbox_of(boris)
    until = "27\u00a0декабря 2026, 15:00 по Москве"
    assert told.body == f"Анна дарит вам подарок: «Ветер». Примите его до {until}."
    accepted = GiftAccepted(
        gift_id=gift.gift_id,
        line_id=gift.line_id,
        sender_id=anna,
        recipient_id=boris,
        package_id=package,
        app_ids=(game,),
        accepted_at=NOW,
    )
    await ears.hear(accepted)
    assert (await ears.kinds(boris), await ears.kinds(anna)) == ([], ["gift_accepted"])


async def test_who_takes_a_gift_back_is_not_told_of_it(ears: Ears) -> None:
    anna, boris = uuid4(), uuid4()
    for reason in ("withdrawn", "declined"):
        await ears.hear(
            GiftReturned(
                gift_id=uuid4(),
                line_id=uuid4(),
                sender_id=anna,
                recipient_id=boris,
                package_id=uuid4(),
                reason=reason,
                returned_at=NOW,
            )
        )
    assert await ears.kinds(anna) == ["gift_returned"]


async def test_of_a_release_nobody_is_told_twice(ears: Ears) -> None:
    fan, game = uuid4(), uuid4()
    wished = WishlistAlerted(
        alert_id=uuid4(), app_id=game, reason="released", account_ids=(fan, fan), since=NOW
    )
    followed = CreatorReleased(
        alert_id=uuid4(), creator_id=uuid4(), app_id=game, account_ids=(fan,), since=NOW
    )
    await ears.hear(wished, followed)
    assert await ears.kinds(fan) == ["game_released"]


async def test_one_alert_reaches_five_hundred_people_in_one_transaction(ears: Ears) -> None:
    fans = tuple(uuid4() for _ in range(500))
    alert = WishlistAlerted(
        alert_id=uuid4(), app_id=uuid4(), reason="discount", percent=70, account_ids=fans, since=NOW
    )
    await ears.hear(alert, msgspec.structs.replace(alert, account_ids=(*fans[:499], uuid4())))
    assert await ears.database.fetch_value("SELECT count(*) FROM notifications") == 501
    (told,) = await ears.inbox_of(fans[0])
    assert told.title == "Скидка 70\u00a0%"


async def test_a_sign_in_on_a_known_device_is_no_news(ears: Ears) -> None:
    owner = uuid4()
    session = SessionStarted(
        account_id=owner,
        session_id=uuid4(),
        amr=("pwd",),
        is_known_device=True,
        device_name="Firefox, Linux",
        address="2001:db8::1",
        started_at=NOW,
    )
    await ears.hear(session)
    assert await ears.kinds(owner) == []
    await ears.hear(msgspec.structs.replace(session, risk=("guessed",)))
    (told,) = await ears.inbox_of(owner, "en")
    assert told.body.startswith("Firefox, Linux, address 2001:db8::1.")


async def test_money_matters_reach_owners_and_book_keepers_alone(ears: Ears) -> None:
    studio, owner, books, editor = uuid4(), uuid4(), uuid4(), uuid4()
    for account_id, level in ((owner, "owner"), (books, "finance"), (editor, "editor")):
        await ears.hear(
            RolesChanged(
                account_id=account_id,
                roles=("developer", "player"),
                grants=(DeveloperGrant(level, studio), DeveloperGrant("owner", uuid4(), uuid4())),
                reason="joined",
                changed_at=NOW,
                tokens_not_before=NOW,
            )
        )
    rejected = PayoutRejected(
        payout_id=uuid4(),
        organisation_id=studio,
        period=NOW.date(),
        amount=Money(1_000_050, "RUB"),
        failure="Счёт закрыт.",
        rejected_at=NOW,
    )
    await ears.hear(rejected)
    (told,) = await ears.inbox_of(books)
    assert told.body == "Ваша организация: банк не отправил 10\u202f000,50\u00a0₽. Счёт закрыт."
    assert (await ears.kinds(owner), await ears.kinds(editor)) == (["payout_rejected"], [])


async def test_an_older_word_of_seats_changes_nothing(ears: Ears) -> None:
    studio, owner = uuid4(), uuid4()
    gone = RolesChanged(
        account_id=owner, roles=("player",), reason="left", changed_at=NOW, tokens_not_before=NOW
    )
    before = msgspec.structs.replace(
        gone, grants=(DeveloperGrant("owner", studio),), changed_at=NOW - timedelta(days=1)
    )
    await ears.hear(gone, before)
    assert await ears.database.fetch_value("SELECT count(*) FROM seats") == 0


async def test_what_is_old_is_no_news_and_is_taken_back_all_the_same(ears: Ears) -> None:
    buyer = uuid4()
    await ears.hear(order_paid(buyer, at=NOW - timedelta(days=15)), order_paid(buyer))
    assert await ears.kinds(buyer) == ["order_paid"]


async def test_an_inbox_keeps_the_latest(ears: Ears) -> None:
    buyer, other = uuid4(), uuid4()
    orders = [order_paid(buyer) for _ in range(INBOX_MAX + 5)]
    await ears.hear(order_paid(other), *orders)
    kept = [one.link for one in await ears.inbox_of(buyer)]
    assert kept == [f"/orders/{one.order_id}" for one in reversed(orders[5:])]
    assert await ears.kinds(other) == ["order_paid"]


async def test_nothing_is_told_to_the_erased_nor_of_them(ears: Ears) -> None:
    anna, boris = uuid4(), uuid4()
    await ears.hear(profile_changed(anna, "Анна"), friend_requested(anna, boris), order_paid(anna))
    await ears.hear(AccountErased(account_id=anna, erased_at=NOW))
    await ears.hear(order_paid(anna), profile_changed(anna, "Анна", version=2))
    assert await ears.kinds(anna) == []
    (told,) = await ears.inbox_of(boris)
    assert told.body == "Игрок хочет с вами дружить."
