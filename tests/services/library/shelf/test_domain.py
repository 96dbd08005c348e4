"""What a query asks of titles."""

from samovar.services.library.shelf.domain import WORDS_MAX, patterns_of


def test_words_are_sought_as_they_are_kept() -> None:
    assert patterns_of("  Ёлки, 2") == ["%елки%", "%2%"]
    assert patterns_of("a_b %") == ["%a\\_b%"]
    assert patterns_of("…!") == []
    assert len(patterns_of("а " * 50)) == WORDS_MAX
