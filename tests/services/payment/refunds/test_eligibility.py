"""The rules, beside an oracle written anew from their text."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samovar.services.payment.refunds.eligibility import RULES, App, Facts, Finding, Item, judge, rules_of

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
BUYER, FRIEND = uuid4(), uuid4()
GAMES = [uuid4() for _ in range(3)]
DLC = {uuid4(): game for game in GAMES}
RULES_2026 = RULES[-1]


def item(**changes: Any) -> Item:
    made: dict[str, Any] = {
        "line_id": uuid4(),
        "recipient_id": BUYER,
        "apps": (App(id=GAMES[0]),),
        "final": 1_000,
        "left": 1_000,
    }
    return Item(**made | changes)


def facts(
    *items: Item, days: float = 1, minutes: int = 0, since: int | None = None, **changes: object
) -> Facts:
    made: dict[str, Any] = {
        "now": NOW,
        "status": "fulfilled",
        "paid_at": NOW - timedelta(days=days),
        "items": items,
        "played": {(BUYER, game): 60 * minutes for game in GAMES},
        "played_since": {(BUYER, game): 60 * (minutes if since is None else since) for game in GAMES},
    }
    return Facts(**made | changes)


def unmet(seen: Facts, *asked: Item) -> set[str]:
    verdicts = judge(seen, {each.line_id for each in asked or seen.items}, RULES_2026)
    return {finding.code for verdict in verdicts for finding in verdict.findings if not finding.is_met}


def finding_of(seen: Facts, code: str) -> Finding:
    (verdict,) = judge(seen, {seen.items[0].line_id}, RULES_2026)
    return next(finding for finding in verdict.findings if finding.code == code)


def test_a_game_of_yesterday_hardly_played_goes_back() -> None:
    assert unmet(facts(item(), minutes=119)) == set()


def test_two_hours_are_too_much_and_a_minute_less_is_not() -> None:
    assert unmet(facts(item(), minutes=120)) == {"play_time"}
    seen = finding_of(facts(item(), minutes=120), "play_time")
    assert (seen.value, seen.limit) == (120, 120)


def test_the_fourteenth_day_ends_at_the_hour_of_the_purchase() -> None:
    last = facts(item(), paid_at=NOW - timedelta(days=14) + timedelta(microseconds=1))
    assert unmet(last) == set()
    assert unmet(facts(item(), days=14)) == {"window"}
    assert finding_of(facts(item(), days=14), "window").until == NOW


def test_a_preorder_goes_back_on_any_day_before_its_release() -> None:
    assert unmet(facts(item(is_preorder=True), days=400)) == set()


def test_the_release_starts_the_clock_of_a_preorder() -> None:
    out = item(is_preorder=True, delivered_at=NOW - timedelta(days=13))
    assert unmet(facts(out, days=400)) == set()
    long_out = item(is_preorder=True, delivered_at=NOW - timedelta(days=14))
    assert unmet(facts(long_out, days=400)) == {"window"}


def test_the_games_of_a_bundle_count_together() -> None:
    bundle = uuid4()
    items = [item(bundle_id=bundle, apps=(App(id=game),)) for game in GAMES]
    assert unmet(facts(*items, minutes=39)) == set()
    assert unmet(facts(*items, minutes=40)) == {"play_time"}


def test_a_bundle_goes_back_as_a_whole() -> None:
    bundle = uuid4()
    items = [item(bundle_id=bundle, apps=(App(id=game),)) for game in GAMES]
    assert unmet(facts(*items), items[0]) == {"bundle_whole"}


def test_a_dlc_counts_the_time_of_its_game_since_its_purchase_alone() -> None:
    dlc, game = next(iter(DLC.items()))
    extra = item(apps=(App(id=dlc, base_id=game),))
    assert unmet(facts(extra, minutes=9_000, since=119)) == set()
    assert unmet(facts(extra, minutes=9_000, since=120)) == {"play_time"}


@pytest.mark.parametrize(
    ("seconds", "faults"), [(7_199, set()), (7_200, {"play_time"}), (7_201, {"play_time"})]
)
def test_the_seconds_of_a_bundle_are_added_before_they_are_minutes(seconds: int, faults: set[str]) -> None:
    bundle_id = uuid4()
    both = [item(bundle_id=bundle_id, apps=(App(id=game),)) for game in GAMES[:2]]
    # Rounded game by game, each of these would be 119 minutes or less.
    played = {(BUYER, GAMES[0]): 3_599, (BUYER, GAMES[1]): seconds - 3_599}
    assert unmet(facts(*both, played=played)) == faults
    assert finding_of(facts(*both, played=played), "play_time").value == seconds // 60


@pytest.mark.parametrize(
    ("seconds", "faults"), [(7_199, set()), (7_200, {"play_time"}), (7_201, {"play_time"})]
)
def test_two_hours_end_to_the_second(seconds: int, faults: set[str]) -> None:
    dlc, game = next(iter(DLC.items()))
    alone = facts(item(), played={(BUYER, GAMES[0]): seconds})
    of_base = facts(item(apps=(App(id=dlc, base_id=game),)), played_since={(BUYER, game): seconds})
    assert [unmet(alone), unmet(of_base)] == [faults] * 2


def test_a_game_bought_with_its_dlc_counts_once() -> None:
    dlc, game = next(iter(DLC.items()))
    both = item(apps=(App(id=game), App(id=dlc, base_id=game)))
    assert unmet(facts(both, minutes=119)) == set()


def test_a_gift_goes_back_until_it_is_accepted_or_with_consent() -> None:
    gift: dict[str, Any] = {"is_gift": True, "recipient_id": FRIEND}
    assert unmet(facts(item(**gift))) == set()
    assert unmet(facts(item(**gift, is_accepted=True))) == {"gift"}
    assert unmet(facts(item(**gift, is_accepted=True, has_consent=True))) == set()


def test_the_time_of_a_gift_is_that_of_whoever_has_it() -> None:
    gift = item(is_gift=True, recipient_id=FRIEND, is_accepted=True, has_consent=True)
    assert unmet(facts(gift, minutes=9_000)) == set()
    assert unmet(facts(gift, played={(FRIEND, GAMES[0]): 7_200})) == {"play_time"}


def test_what_was_free_goes_back_with_the_bundle_that_was_paid_for() -> None:
    bundle_id = uuid4()
    paid, free = item(bundle_id=bundle_id), item(bundle_id=bundle_id, final=0, left=0)
    assert unmet(facts(paid, free)) == set()
    assert unmet(facts(paid, free), paid) == {"bundle_whole"}
    assert unmet(facts(free, item(bundle_id=uuid4()))) == {"money_paid"}


def test_what_was_free_refunded_compensated_or_never_paid_does_not() -> None:
    assert unmet(facts(item(final=0, left=0))) == {"money_paid"}
    assert unmet(facts(item(left=999))) == {"not_refunded"}
    assert unmet(facts(item(is_ending=True))) == {"not_refunded"}
    assert unmet(facts(item(is_compensated=True))) == {"not_compensated"}
    assert unmet(facts(item(), status="expired")) == {"paid"}


def test_from_a_held_account_nothing_goes() -> None:
    assert unmet(facts(item(), held_until=NOW + timedelta(hours=1))) == {"account_free"}
    assert unmet(facts(item(), held_until=NOW)) == set()


def test_while_a_bank_disputes_the_payment_nothing_goes() -> None:
    assert unmet(facts(item(), is_disputed=True)) == {"not_disputed"}


def test_the_rules_of_the_day_of_the_purchase_hold() -> None:
    assert [rules.since for rules in RULES] == sorted((rules.since for rules in RULES), reverse=True)
    for rules in RULES:
        assert rules_of(rules.since) is rules
    assert rules_of(datetime(2001, 1, 1, tzinfo=UTC)) is RULES[-1]


def oracle(seen: Facts, asked: set[UUID]) -> bool:
    """The text of the rules again, as one reads it: nothing of the code that is tested."""
    assert seen.paid_at is not None
    for line in seen.items:
        if line.line_id not in asked:
            continue
        together = [o for o in seen.items if line.bundle_id and o.bundle_id == line.bundle_id] or [line]
        if line.bundle_id and any(o.line_id not in asked for o in together):
            return False
        seconds = 0
        games = {app.id for o in together for app in o.apps if not app.base_id}
        for game in games:
            seconds += seen.played[BUYER, game]
        for base in {app.base_id for o in together for app in o.apps if app.base_id} - games:
            seconds += seen.played_since[BUYER, base]
        clock = seen.paid_at
        if line.is_preorder:
            clock = line.delivered_at or seen.now
        ok = (
            any(o.final > 0 for o in together)
            and line.left == line.final
            and seconds < 2 * 60 * 60
            and seen.now - clock < timedelta(days=14)
            and (not line.is_gift or not line.is_accepted or line.has_consent)
            and not line.is_compensated
            and not line.is_ending
        )
        if not ok:
            return False
    return not (seen.held_until and seen.held_until > seen.now)


APPS = st.sampled_from(
    [App(id=game) for game in GAMES] + [App(id=dlc, base_id=game) for dlc, game in DLC.items()]
)
HOURS = st.integers(min_value=0, max_value=24 * 30)
BUNDLE = uuid4()


@st.composite
def lines(draw: st.DrawFn) -> Item:
    final = draw(st.sampled_from([0, 1, 100, 1_000]))
    is_preorder = draw(st.booleans())
    return item(
        bundle_id=draw(st.sampled_from([None, None, BUNDLE])),
        apps=tuple(draw(st.lists(APPS, min_size=1, max_size=3, unique=True))),
        final=final,
        left=draw(st.sampled_from([final, final, final, 0])),
        is_preorder=is_preorder,
        delivered_at=draw(st.none() | HOURS.map(lambda hours: NOW - timedelta(hours=hours))),
        is_gift=draw(st.booleans()),
        is_accepted=draw(st.booleans()),
        has_consent=draw(st.booleans()),
        is_compensated=draw(st.sampled_from([False, False, False, True])),
        is_ending=draw(st.sampled_from([False, False, False, True])),
    )


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_the_rules_say_what_their_text_says(data: st.DataObject) -> None:
    items = data.draw(st.lists(lines(), min_size=1, max_size=3))
    seconds = st.integers(min_value=0, max_value=7_800)
    seen = facts(
        *items,
        paid_at=NOW - timedelta(hours=data.draw(HOURS)),
        played={(BUYER, game): data.draw(seconds) for game in GAMES},
        played_since={(BUYER, game): data.draw(seconds) for game in GAMES},
        held_until=data.draw(st.sampled_from([None, None, NOW - timedelta(1), NOW + timedelta(1)])),
    )
    asked = {each.line_id for each in items if data.draw(st.booleans())} or {items[0].line_id}
    verdicts = judge(seen, asked, RULES_2026)
    assert all(verdict.is_eligible for verdict in verdicts) is oracle(seen, asked)
    assert {verdict.line_id for verdict in verdicts} == asked
