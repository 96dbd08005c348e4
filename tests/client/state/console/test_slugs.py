"""A title as an address."""

from samovar.client.state.console.slugs import slug_of


def test_a_russian_title_becomes_an_address() -> None:
    assert slug_of("Чайник на краю света!") == "chaynik-na-krayu-sveta"
    assert slug_of("  S.T.A.L.K.E.R. — 2 ") == "s-t-a-l-k-e-r-2"


def test_a_title_without_such_letters_suggests_nothing() -> None:
    assert slug_of("茶壺 ☕") == ""


def test_an_address_is_not_too_long_and_ends_in_no_hyphen() -> None:
    assert len(slug_of("о " * 200)) <= 96
    assert not slug_of("о " * 200).endswith("-")
