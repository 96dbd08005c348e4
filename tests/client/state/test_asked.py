"""What an address asks is read leniently: nonsense is what is not asked."""

from samovar.client.state.asked import VALUE_LENGTH_MAX, asked


def test_a_value_is_read_out_of_the_query() -> None:
    assert asked("/friends?query=%D1%87%D0%B0%D0%B9&tab=x", "query") == "чай"


def test_what_is_missing_or_not_allowed_is_what_stands_instead() -> None:
    assert asked("/friends", "tab", "friends", allowed=("friends", "blocked")) == "friends"
    assert asked("/friends?tab=moon", "tab", "friends", allowed=("friends", "blocked")) == "friends"
    assert asked(None, "tab", "friends") == "friends"
    assert asked("//[?tab=", "tab", "friends") == "friends"


def test_an_endless_value_is_cut() -> None:
    assert len(asked(f"/friends?query={'а' * 1000}", "query")) == VALUE_LENGTH_MAX
