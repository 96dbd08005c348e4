"""Codes, numbers, and what a look and a poll do, without any server."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.auth.device_code import domain
from samovar.services.auth.device_code.domain import Look, Poll, State

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
ME, MY_SESSION = uuid4(), uuid4()


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules look at."""

    state: State = "waiting"
    expires_at: datetime = NOW + timedelta(seconds=120)
    account_id: UUID | None = None
    session_id: UUID | None = None


def poll(
    state: State = "claimed",
    *,
    interval_s: int = 5,
    polled_s_ago: float | None = None,
    used_s_ago: float | None = None,
    expires_in_s: float = 60,
) -> Poll:
    request = Request(state=state, expires_at=NOW + timedelta(seconds=expires_in_s))
    return domain.decide_poll(
        request,
        interval_s=interval_s,
        polled_at=None if polled_s_ago is None else NOW - timedelta(seconds=polled_s_ago),
        used_at=None if used_s_ago is None else NOW - timedelta(seconds=used_s_ago),
        now=NOW,
    )


def look(request: Request, account_id: UUID = ME, session_id: UUID = MY_SESSION) -> Look:
    return domain.decide_look(request, account_id, session_id, NOW)


@given(st.lists(st.integers(0, 19), min_size=8, max_size=8), st.sampled_from(["", "-", " ", " - "]))
def test_a_code_is_read_however_it_is_typed(draws: list[int], between: str) -> None:
    left = iter(draws)
    code = domain.new_user_code(lambda _: next(left))
    assert len(code) == 9
    typed = code.replace("-", between)
    assert domain.user_code_of(typed) == domain.user_code_of(typed.lower()) == code


def test_letters_of_a_russian_keyboard_that_look_the_same_are_read() -> None:
    assert domain.user_code_of("всНК-мртх") == "BCHK-MPTX"


@pytest.mark.parametrize(
    "typed", ["", "BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "BCDF-GHJ1", "б" * 8, "-" * 40, "BCDF\0GHJK" * 9]
)
def test_nonsense_is_no_code(typed: str) -> None:
    assert domain.user_code_of(typed) is None


def test_a_code_cannot_be_guessed() -> None:
    """RFC 8628, section 6.1, and at least 34 bits."""
    assert len(set(domain.ALPHABET)) == 20
    assert set(domain.ALPHABET).isdisjoint("AEIOUY0123456789")
    assert len(domain.ALPHABET) ** domain.CODE_LETTERS >= 2**34


@given(st.randoms(use_true_random=False))
def test_the_numbers_differ_and_have_two_digits(random: object) -> None:
    numbers = domain.new_numbers(random.randrange)  # type: ignore[attr-defined]
    assert len(set(numbers)) == 3
    assert all(10 <= number <= 99 for number in numbers)


def test_the_first_session_that_looks_is_the_only_one_that_goes_on() -> None:
    assert look(Request()) is Look.CLAIM
    mine = Request(state="claimed", account_id=ME, session_id=MY_SESSION)
    assert look(mine) is Look.SHOW
    assert look(mine, session_id=uuid4()) is Look.TAKEN
    assert look(mine, account_id=uuid4(), session_id=uuid4()) is Look.KILL


def test_a_second_account_kills_a_request_that_is_already_approved() -> None:
    approved = Request(state="approved", account_id=ME, session_id=MY_SESSION)
    assert look(approved, account_id=uuid4()) is Look.KILL


@pytest.mark.parametrize("state", ["used", "dead"])
def test_there_is_nothing_to_look_at_after_the_end(state: State) -> None:
    assert look(Request(state=state, account_id=ME, session_id=MY_SESSION)) is Look.OVER
    assert look(Request(expires_at=NOW)) is Look.OVER


def test_a_poll_gets_what_was_decided() -> None:
    assert poll("waiting") is poll("claimed") is Poll.PENDING
    assert poll("approved") is Poll.GIVE
    assert poll("dead") is Poll.DENIED
    assert poll("claimed", expires_in_s=0) is poll("approved", expires_in_s=0) is Poll.EXPIRED


def test_a_poll_before_its_time_is_told_to_slow_down() -> None:
    assert poll(polled_s_ago=3.9) is Poll.SLOW_DOWN
    assert poll(polled_s_ago=4.1) is Poll.PENDING
    assert poll(polled_s_ago=8, interval_s=10) is Poll.SLOW_DOWN
    assert poll("approved", polled_s_ago=0) is Poll.SLOW_DOWN


def test_the_interval_grows_by_five_seconds_up_to_a_minute() -> None:
    assert domain.slower(5) == 10
    assert domain.slower(58) == domain.slower(60) == 60


def test_a_code_used_once_more_is_an_echo_first_and_a_theft_later() -> None:
    assert poll("used", used_s_ago=10) is Poll.REPLAY
    assert poll("used", used_s_ago=11) is poll("used", used_s_ago=11, expires_in_s=-1) is Poll.THEFT
