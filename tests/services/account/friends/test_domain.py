"""The rules of requests, friendships and blocks, held against every order in which they can happen."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.errors import Conflict, NotFound, RateLimited, SamovarError
from samovar.services.account.contract.events import FriendRequestClosed, FriendRequested
from samovar.services.account.friends import blocks, requests
from samovar.services.account.friends.domain import (
    Change,
    Circle,
    FriendLimits,
    Pending,
    Relation,
    nickname_of,
    note,
    seen,
)
from samovar.services.account.friends.errors import (
    AskedTooSoon,
    BlockedByYou,
    RequestClosed,
    RequestNotFound,
    TheirFriendsFull,
    TooManyFriends,
    TooManyPending,
    TooManyRequestsToday,
)

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
ANNA, BORIS = UUID(int=1), UUID(int=2)
LIMITS = FriendLimits(friends=5, outgoing=5, requests_per_day=50, blocks=5, cooldown=timedelta(days=7))
NOBODY = {ANNA: Circle(), BORIS: Circle()}
STRANGERS = Relation.between(BORIS, ANNA)


def asked(
    relation: Relation = STRANGERS, *, by: UUID = ANNA, now: datetime = NOW, number: int = 100
) -> Change:
    return requests.ask(relation, by, request_id=UUID(int=number), now=now, circles=NOBODY, limits=LIMITS)


def accepted(relation: Relation, *, by: UUID = BORIS, number: int = 100) -> Change:
    return requests.accept(relation, by, UUID(int=number), now=NOW, circles=NOBODY, limits=LIMITS)


def declined(relation: Relation, now: datetime = NOW, *, number: int = 100) -> Change:
    return requests.decline(relation, BORIS, UUID(int=number), now=now, cooldown=LIMITS.cooldown)


def blocked(relation: Relation, *, by: UUID = BORIS) -> Change:
    return blocks.block(relation, by, now=NOW, circle=Circle(), limits=LIMITS)


def pending(relation: Relation, viewer: UUID) -> Pending | None:
    return seen(relation, viewer).pending


def test_a_pair_is_the_same_whoever_looks_at_it() -> None:
    assert Relation.between(ANNA, BORIS) == Relation.between(BORIS, ANNA)


def test_a_request_asked_again_is_the_same_one() -> None:
    first = asked()
    again = asked(first.relation, number=101)
    assert (again.relation, again.events, again.asks_full_at) == (first.relation, (), None)


def test_asking_back_is_accepting() -> None:
    both = asked(asked().relation, by=BORIS, number=101).relation
    assert (both.friends_since, both.request and (both.request.id, both.request.state)) == (
        NOW,
        (UUID(int=100), "accepted"),
    )


def test_accepting_twice_changes_nothing() -> None:
    friends = accepted(asked().relation).relation
    assert accepted(friends) == Change(friends)


def test_only_the_recipient_accepts_or_declines() -> None:
    with pytest.raises(RequestNotFound):
        accepted(asked().relation, by=ANNA)
    with pytest.raises(RequestNotFound):
        requests.decline(asked().relation, ANNA, UUID(int=100), now=NOW, cooldown=LIMITS.cooldown)
    with pytest.raises(RequestNotFound):
        requests.cancel(asked().relation, BORIS, UUID(int=100), now=NOW)


def test_a_cancelled_request_cannot_be_accepted() -> None:
    canceled = requests.cancel(asked().relation, ANNA, UUID(int=100), now=NOW).relation
    with pytest.raises(RequestClosed):
        accepted(canceled)


def test_a_cancelled_request_can_be_sent_again_after_an_hour() -> None:
    canceled = requests.cancel(asked().relation, ANNA, UUID(int=100), now=NOW).relation
    with pytest.raises(AskedTooSoon):
        asked(canceled, now=NOW + timedelta(minutes=59))
    assert pending(asked(canceled, now=NOW + timedelta(hours=1), number=101).relation, BORIS) == "incoming"


def test_one_who_is_declined_waits_longer_each_time() -> None:
    relation, now, waits = STRANGERS, NOW, []
    for number in range(100, 109):
        relation = declined(asked(relation, now=now, number=number).relation, now, number=number).relation
        with pytest.raises(AskedTooSoon) as refused:
            asked(relation, now=now)
        waits.append(timedelta(seconds=refused.value.retry_after_s or 0).days)
        now += timedelta(days=waits[-1])
    assert waits == [7, 14, 28, 56, 112, 224, 365, 365, 365]


def test_one_who_declined_may_ask_at_once_and_friends_begin_anew() -> None:
    relation = declined(asked().relation).relation
    relation = asked(relation, by=BORIS, number=101).relation
    relation = accepted(relation, by=ANNA, number=101).relation
    parted = blocks.end_friendship(relation, BORIS, now=NOW).relation
    assert pending(asked(parted, number=102).relation, BORIS) == "incoming"


def test_a_request_to_somebody_who_blocks_looks_like_any_other_and_never_arrives() -> None:
    plain, withheld = asked(), asked(blocked(STRANGERS).relation)
    assert pending(withheld.relation, ANNA) == pending(plain.relation, ANNA) == "outgoing"
    assert pending(withheld.relation, BORIS) is None
    assert withheld.asks_full_at == plain.asks_full_at
    assert withheld.events == ()
    with pytest.raises(RequestNotFound):
        accepted(withheld.relation)
    unblocked = blocks.unblock(withheld.relation, BORIS, now=NOW).relation
    assert pending(unblocked, BORIS) is None


def test_a_request_that_waits_while_its_recipient_blocks_stays_for_its_sender_alone() -> None:
    change = blocked(asked().relation)
    assert (pending(change.relation, ANNA), pending(change.relation, BORIS)) == ("outgoing", None)
    closed = change.events[0]
    assert isinstance(closed, FriendRequestClosed)
    assert closed.reason == "blocked"
    canceled = requests.cancel(change.relation, ANNA, UUID(int=100), now=NOW)
    assert (pending(canceled.relation, ANNA), canceled.events) == (None, ())


def test_one_who_blocks_takes_their_own_request_back() -> None:
    change = blocked(asked().relation, by=ANNA)
    with pytest.raises(RequestClosed):
        accepted(change.relation)
    with pytest.raises(BlockedByYou):
        asked(change.relation, number=101)


def test_after_unblocking_asking_one_who_waits_makes_friends() -> None:
    relation = blocks.unblock(blocked(asked().relation).relation, BORIS, now=NOW).relation
    assert asked(relation, by=BORIS, number=101).relation.friends_since == NOW


def test_a_block_ends_a_friendship_and_what_each_called_the_other() -> None:
    friends = accepted(asked().relation).relation
    friends = note(friends, ANNA, nickname="Боря", favourite=True)
    parted = blocked(friends).relation
    assert (parted.friends_since, parted.low.nickname, parted.low.favourite) == (None, None, False)
    assert (seen(parted, ANNA).blocked_by, seen(parted, BORIS).blocking) == (True, True)


@pytest.mark.parametrize(
    ("circles", "error"),
    [
        ({ANNA: Circle(friends=5), BORIS: Circle()}, TooManyFriends),
        ({ANNA: Circle(outgoing=5), BORIS: Circle()}, TooManyPending),
        (
            {ANNA: Circle(asks_full_at=NOW + timedelta(days=1)), BORIS: Circle()},
            TooManyRequestsToday,
        ),
    ],
)
def test_a_request_above_a_limit_is_refused(circles: dict[UUID, Circle], error: type[SamovarError]) -> None:
    with pytest.raises(error):
        requests.ask(STRANGERS, ANNA, request_id=UUID(int=1), now=NOW, circles=circles, limits=LIMITS)


@pytest.mark.parametrize(("full", "error"), [(BORIS, TooManyFriends), (ANNA, TheirFriendsFull)])
def test_accepting_needs_room_on_both_sides(full: UUID, error: type[SamovarError]) -> None:
    circles = {**NOBODY, full: Circle(friends=5)}
    with pytest.raises(error):
        requests.accept(asked().relation, BORIS, UUID(int=100), now=NOW, circles=circles, limits=LIMITS)


@given(st.lists(st.integers(min_value=0, max_value=7_200), max_size=80), st.integers(1, 20))
def test_no_day_sees_more_than_twice_the_requests_of_a_day(pauses_s: list[int], per_day: int) -> None:
    """A full bucket and what flows in during the day: the bound of GCRA."""
    now, full_at, sent = NOW, None, []
    for pause_s in pauses_s:
        now += timedelta(seconds=pause_s)
        try:
            full_at = requests.spend_ask(full_at, now, per_day=per_day)
        except TooManyRequestsToday:
            continue
        sent.append(now)
    for begin in sent:
        assert sum(begin <= moment < begin + timedelta(days=1) for moment in sent) <= 2 * per_day
    first_burst = [moment for moment in sent if moment == NOW]
    assert len(first_burst) <= per_day


@pytest.mark.parametrize(
    ("text", "kept"), [("  Боря ", "Боря"), ("", None), ("   ", None), (None, None), ("Ё" * 64, "Ё" * 64)]
)
def test_a_nickname_is_kept_without_blanks_around_it(text: str | None, kept: str | None) -> None:
    assert nickname_of(text) == kept


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "\u202egnp.exe", "x" * 65, "a\u200bb"])
def test_a_nickname_that_hides_something_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        nickname_of(text)


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "accept", "decline", "cancel", "end", "block", "unblock", "note"]),
        st.sampled_from([ANNA, BORIS]),
        st.integers(min_value=0, max_value=400),
    ),
    max_size=40,
)


@given(ACTIONS)
def test_no_order_of_actions_makes_friends_who_block_or_loses_count_of_the_events(
    actions: list[tuple[str, UUID, int]],
) -> None:
    relation, now, versions, open_for = STRANGERS, NOW, [], set[UUID]()
    for number, (action, by, hours) in enumerate(actions):
        now += timedelta(hours=hours)
        try:
            change = _act(relation, action, by, now, number)
        except (Conflict, NotFound, RateLimited):
            continue
        relation = change.relation
        for event in change.events:
            aggregate = event.aggregate()
            assert aggregate
            versions.append(aggregate.version)
            if isinstance(event, FriendRequested):
                open_for.add(event.request_id)
        _hold(relation)
    assert versions == list(range(1, relation.version + 1))


def _act(relation: Relation, action: str, by: UUID, now: datetime, number: int) -> Change:
    request_id = relation.request.id if relation.request else UUID(int=1)
    actions: dict[str, Callable[[], Change]] = {
        "ask": lambda: asked(relation, by=by, now=now, number=1_000 + number),
        "accept": lambda: requests.accept(relation, by, request_id, now=now, circles=NOBODY, limits=LIMITS),
        "decline": lambda: requests.decline(relation, by, request_id, now=now, cooldown=LIMITS.cooldown),
        "cancel": lambda: requests.cancel(relation, by, request_id, now=now),
        "end": lambda: blocks.end_friendship(relation, by, now=now),
        "block": lambda: blocks.block(relation, by, now=now, circle=Circle(), limits=LIMITS),
        "unblock": lambda: blocks.unblock(relation, by, now=now),
        "note": lambda: Change(note(relation, by, nickname="Лис", favourite=True)),
    }
    return actions[action]()


def _hold(relation: Relation) -> None:
    """Check what the table checks, too."""
    blocking = [side for side in (relation.low, relation.high) if side.blocks_since]
    request = relation.request
    waits = request is not None and request.state == "pending"
    assert not (relation.friends_since and blocking)
    assert (relation.friends_since is not None) == (request is not None and request.state == "accepted")
    assert not (waits and blocking and request and not request.withheld)
    if not relation.friends_since:
        assert {relation.low.nickname, relation.high.nickname} == {None}
    for viewer in (ANNA, BORIS):
        if relation.side(viewer).blocks_since:
            assert pending(relation, viewer) is None


@pytest.mark.parametrize("text", ["\u3164", "\u2800", "a\u202eb", "x\0"])
def test_a_nickname_can_be_seen(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        nickname_of(text)
