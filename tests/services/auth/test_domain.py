"""The rules of signing in, held against many cases."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.identity import TOKEN_LIFETIME_MAX
from samovar.kit.ids import new_id
from samovar.services.auth import domain
from samovar.services.auth.domain import (
    InvalidLogin,
    KeyDates,
    Login,
    Refresh,
    SessionState,
    decide_refresh,
    due_key_change,
    email_login,
    issue_time,
    login_of,
    tokens_cut_off,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SIGNS_FOR = timedelta(days=30)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Anna@Example.COM", "anna@example.com"),
        (" anna@example.com\n", "anna@example.com"),
        ("anna@Example.com.", "anna@example.com"),
        ("a.b+games@example.com", "a.b+games@example.com"),
        ("анна@пример.рф", "анна@xn--e1afmkfd.xn--p1ai"),
        ("x@xn--e1afmkfd.xn--p1ai", "x@xn--e1afmkfd.xn--p1ai"),
        ("8 (912) 345-67-89", "+79123456789"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_logins_have_one_form(text: str, value: str) -> None:
    assert login_of(text, "RU").value == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "@", "a@", "@example.com", "a@localhost", "a b@example.com", "a@exa mple.com", "a@-x.com"),
        *("a..b@example.com", ".a@example.com", "a.@example.com", '"a b"@example.com', "a@b@", "a\x00@b.com"),
        *("a" * 65 + "@example.com", "a@" + "b" * 300 + ".com", "a@example..com", "\u202ea@example.com"),
        *("123", "phone", "+7", "+0000000000000", "8800"),
    ],
)
def test_what_is_no_login_is_refused(text: str) -> None:
    with pytest.raises(InvalidLogin):
        login_of(text, "RU")


@given(st.text(max_size=60), st.sampled_from(["example.com", "пример.рф", "EXAMPLE.org"]))
def test_a_normal_form_is_normal(local: str, host: str) -> None:
    try:
        login = email_login(f"{local}@{host}")
    except InvalidLogin:
        return
    assert login_of(login.value, "RU") == login == Login("email", login.value)
    assert "\x00" not in login.value


@given(st.integers(0, 5), st.integers(0, 7), st.integers(-5, 60), st.booleans())
def test_a_refresh_token_is_good_once_and_for_a_moment_longer(
    present: int,
    presented: int,
    age_s: int,
    ended: bool,  # noqa: FBT001  generated
) -> None:
    session = SessionState(
        generation=present,
        rotated_at=NOW - timedelta(seconds=age_s),
        expires_at=NOW + timedelta(days=1),
        ended_at=NOW if ended else None,
    )
    decision = decide_refresh(session, presented, NOW)
    if ended or presented > present:
        assert decision is Refresh.REFUSE
    elif presented == present:
        assert decision is Refresh.ROTATE
    elif presented == present - 1 and age_s <= 10:
        assert decision is Refresh.REPEAT
    else:
        assert decision is Refresh.END_SESSION


def test_a_session_ends_when_it_is_idle_or_too_old() -> None:
    idle, lifetime = timedelta(days=30), timedelta(days=180)
    young = domain.expiry_of(started_at=NOW, now=NOW, idle=idle, lifetime_max=lifetime)
    old = domain.expiry_of(started_at=NOW, now=NOW + timedelta(days=170), idle=idle, lifetime_max=lifetime)
    assert (young, old) == (NOW + idle, NOW + lifetime)
    expired = SessionState(generation=0, rotated_at=NOW, expires_at=NOW, ended_at=None)
    assert decide_refresh(expired, 0, NOW) is Refresh.REFUSE


@given(st.lists(st.tuples(st.floats(0, 1.5), st.booleans()), max_size=12))
def test_a_change_of_rights_ends_all_tokens_before_it_and_none_after(
    steps: list[tuple[float, bool]],
) -> None:
    now, cut_off = NOW, None
    living: list[int] = []
    for pause_s, changes in steps:
        now += timedelta(seconds=pause_s)
        if changes:
            cut_off = tokens_cut_off(now, cut_off)
            assert all(issued < cut_off.timestamp() for issued in living)
            living = []
        else:
            living.append(issue_time(now, cut_off))
            assert cut_off is None or living[-1] >= cut_off.timestamp()


def test_ids_of_rows_made_later_are_greater() -> None:
    assert domain.first_id_at(datetime.now(UTC) - timedelta(milliseconds=5)) < new_id()
    assert domain.first_id_at(datetime.now(UTC) + timedelta(seconds=5)) > new_id()


def test_a_key_stays_published_while_its_last_tokens_live() -> None:
    keys = [KeyDates("old", NOW - SIGNS_FOR), KeyDates("new", NOW)]
    for after, withdrawn in ((timedelta(0), ()), (TOKEN_LIFETIME_MAX, ()), (domain.KEY_KEPT_AFTER, ("old",))):
        assert due_key_change(keys, NOW + after, signs_for=SIGNS_FOR).withdraw == withdrawn


class Rotation:
    """Keys living by the rule. All that ever were are kept, with the times of their publishing and withdrawing."""

    def __init__(self) -> None:
        self.keys: list[KeyDates] = []
        self.made: list[KeyDates] = []
        self.published_at: dict[str, datetime] = {}
        self.withdrawn_at: dict[str, datetime] = {}

    def step(self, now: datetime) -> None:
        change = due_key_change(self.keys, now, signs_for=SIGNS_FOR)
        self.withdrawn_at |= dict.fromkeys(change.withdraw, now)
        self.keys = [key for key in self.keys if key.kid not in change.withdraw]
        if change.create_from:
            key = KeyDates(f"key {len(self.made)}", change.create_from)
            self.published_at[key.kid] = now
            self.keys.append(key)
            self.made.append(key)

    def signing(self, now: datetime) -> KeyDates:
        return [key for key in self.keys if key.signs_from <= now][-1]


@given(st.lists(st.integers(1, 24 * 40), max_size=60))
def test_keys_follow_each_other_without_a_gap(pauses_h: list[int]) -> None:
    rotation, now = Rotation(), NOW
    rotation.step(now)
    for pause_h in pauses_h:
        now += timedelta(hours=pause_h)
        signing = rotation.signing(now)
        rotation.step(now)
        assert rotation.signing(now) == signing, "a change that is due takes the present key away"
        assert len(rotation.keys) <= 3
    for key, successor in itertools.pairwise(rotation.made):
        assert successor.signs_from >= rotation.published_at[successor.kid] + domain.KEY_PUBLISHED_AHEAD
        assert successor.signs_from >= key.signs_from + SIGNS_FOR
        withdrawn_at = rotation.withdrawn_at.get(key.kid)
        assert withdrawn_at is None or withdrawn_at >= successor.signs_from + TOKEN_LIFETIME_MAX
