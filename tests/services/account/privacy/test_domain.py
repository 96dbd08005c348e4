"""The laws of privacy."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.account.privacy.domain import (
    AUDIENCES,
    SECTIONS,
    SELF,
    STRANGER,
    Rules,
    Section,
    Sight,
    Tie,
    sight,
)

AUDIENCE = st.sampled_from(AUDIENCES)
RULES = st.builds(Rules, profile=AUDIENCE, library=AUDIENCE, friends=AUDIENCE, activity=AUDIENCE)
TIES = st.builds(Tie, is_friend=st.booleans(), is_blocked=st.booleans())
UNBLOCKED = st.builds(Tie, is_friend=st.booleans())
EXCEPTIONS = st.dictionaries(st.sampled_from(SECTIONS), st.booleans())
WIDER = {"nobody": 0, "friends": 1, "everyone": 2}


@given(RULES, EXCEPTIONS, TIES)
def test_one_sees_all_of_oneself(rules: Rules, exceptions: dict[Section, bool], tie: Tie) -> None:
    seen = sight(rules, msgspec.structs.replace(tie, is_self=True), exceptions)
    assert seen == Sight(is_known=True, sections=frozenset(SECTIONS))


@given(RULES, TIES, EXCEPTIONS)
def test_a_block_hides_everything(rules: Rules, tie: Tie, exceptions: dict[Section, bool]) -> None:
    seen = sight(rules, msgspec.structs.replace(tie, is_blocked=True), exceptions)
    assert (seen.is_known, seen.hidden) == (False, SECTIONS)


@given(RULES, TIES, EXCEPTIONS)
def test_whoever_does_not_see_the_profile_sees_no_section(
    rules: Rules, tie: Tie, exceptions: dict[Section, bool]
) -> None:
    seen = sight(rules, tie, exceptions)
    assert "profile" in seen.sections or not seen.sections
    assert seen.is_known or not seen.sections


@given(RULES, UNBLOCKED, EXCEPTIONS)
def test_an_exception_decides_before_the_rule(
    rules: Rules, tie: Tie, exceptions: dict[Section, bool]
) -> None:
    seen = sight(rules, tie, exceptions)
    for section, is_allowed in exceptions.items():
        if not is_allowed:
            assert section not in seen.sections
        elif "profile" in seen.sections:
            assert section in seen.sections
    if exceptions.get("profile") is False:
        assert not seen.is_known


@given(RULES, st.sampled_from(SECTIONS), AUDIENCE, UNBLOCKED, EXCEPTIONS)
def test_a_wider_audience_never_shows_less(
    rules: Rules, section: Section, audience: str, tie: Tie, exceptions: dict[Section, bool]
) -> None:
    if WIDER[audience] >= WIDER[rules.audience(section)]:
        kept = {name: getattr(rules, name) for name in SECTIONS}
        wider = sight(Rules(**{**kept, section: audience}), tie, exceptions)
        seen = sight(rules, tie, exceptions)
        assert seen.sections <= wider.sections
        assert seen.is_known <= wider.is_known


@given(RULES, EXCEPTIONS)
def test_a_friend_sees_no_less_than_a_stranger(rules: Rules, exceptions: dict[Section, bool]) -> None:
    stranger, friend = sight(rules, STRANGER, exceptions), sight(rules, Tie(is_friend=True), exceptions)
    assert stranger.sections <= friend.sections


def test_by_default_the_profile_is_for_everyone_and_the_rest_for_friends() -> None:
    assert sight(Rules(), STRANGER, {}).sections == {"profile"}
    assert sight(Rules(), Tie(is_friend=True), {}).hidden == ()
    assert sight(Rules(), SELF, {}).is_known


def test_a_profile_for_friends_shows_name_and_picture_to_strangers() -> None:
    seen = sight(Rules(profile="friends"), STRANGER, {})
    assert (seen.is_known, seen.hidden) == (True, SECTIONS)
    assert not sight(Rules(profile="nobody"), STRANGER, {}).is_known
