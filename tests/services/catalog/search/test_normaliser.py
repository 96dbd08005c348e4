"""One spelling for index and query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.catalog.search import normaliser

TEXTS = st.text(max_size=300) | st.text(
    alphabet="абвгеёйкxсcpоoViIXх.’'™®&-:4 ÉÜßﬁ①Ⅻ가é\u0301\u200d🎲", max_size=60
)


@given(TEXTS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normaliser.normalise(text)
    assert normaliser.normalise(once) == once


@given(TEXTS)
def test_words_are_few_short_and_of_letters_and_digits(text: str) -> None:
    words = normaliser.words(text)
    assert len(words) <= normaliser.WORDS_MAX
    for word in words:
        assert 0 < len(word) <= normaliser.WORD_LENGTH_MAX
        assert word.isalnum()


@given(TEXTS)
def test_case_and_yo_make_no_difference(text: str) -> None:
    assert normaliser.normalise(text.replace("ё", "е")) == normaliser.normalise(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("S.T.A.L.K.E.R.™ 2: Heart", ["stalker", "2", "heart"]),
        ("Ёлки-палки", ["елки", "палки"]),
        ("Final Fantasy VII", ["final", "fantasy", "7"]),
        ("Baldur’s Gate", ["baldurs", "gate"]),
        ("Mike was Сursed", ["mike", "was", "cursed"]),
        ("Pokémon Übersoldat", ["pokemon", "ubersoldat"]),
        ("Тёмный йод", ["темный", "йод"]),
        ("Ⅻ ①", ["12", "1"]),
        ("🎲 \x00\u202e", []),
        ("x" * 10_000, ["x" * 40]),
    ],
)
def test_titles_are_spelt_one_way(text: str, words: list[str]) -> None:
    assert normaliser.words(text) == words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ghbdtn", "привет"), ("цшесрук", "witcher"), ("`krb", "ёлки"), ("<tkfz", "белая")],
)
def test_the_other_layout_is_what_the_same_keys_give(typed: str, meant: str) -> None:
    assert normaliser.other_layout(typed) == meant


@given(st.text(alphabet="qwertyuiop[]asdfghjkl;'zxcvbnm,.` 123", max_size=40))
def test_the_other_layout_of_the_other_layout_is_what_was_typed(text: str) -> None:
    assert normaliser.other_layout(normaliser.other_layout(text)) == text


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("fallout", "фоллаут"),
        ("stellaris", "стелларис"),
        ("cyberpunk", "киберпанк"),
        ("gears", "гирс"),
        ("unreal", "анриал"),
        ("chivalry", "чивалри"),
        ("knight", "найт"),
    ],
)
def test_both_spellings_share_a_skeleton(latin: str, cyrillic: str) -> None:
    assert set(normaliser.skeletons(latin)) & set(normaliser.skeletons(cyrillic))


@given(TEXTS)
def test_no_word_has_no_way_of_being_read(text: str) -> None:
    for word in normaliser.words(text):
        assert 1 <= len(normaliser.skeletons(word)) <= 2
        assert "".join(normaliser.apart(word)) == word
        assert normaliser.starts([word])[0] == word[0]
