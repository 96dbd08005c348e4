"""How a key reads: made of what nobody mixes up, and read as people type."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.library.keys.domain import ALPHABET, hash_of, make_code, normal_code

CODE = "K7Q2M-9XW4T-HB3RE"
NORMAL = "K7Q2M9XW4THB3RE"


def test_a_code_is_made_of_letters_that_nobody_mixes_up() -> None:
    codes = {make_code(os.urandom) for _ in range(500)}
    assert len(codes) == 500
    assert set("".join(codes)) - {"-"} == set(ALPHABET)
    assert not set("IO01") & set(ALPHABET)
    assert {tuple(map(len, code.split("-"))) for code in codes} == {(5, 5, 5)}
    assert make_code(bytes) == "AAAAA-AAAAA-AAAAA"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        NORMAL,
        " K7Q2M 9XW4T\tHB3RE\n",
        "K7Q2M–9XW4T—HB3RE",
        "K7Q2M−9XW4T‑HB3RE",
        "\u200bK7Q2M9XW4T\u00adHB3RE",
        "К7Q2М-9ХW4Т-НВ3RЕ",
        "к7q2м-9хw4т-нв3rе",
        "К7Q2М-9ХW4Т-НВЗRЕ",
        "Ｋ７Ｑ２Ｍ９ＸＷ４ＴＨＢ３ＲＥ",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert normal_code(typed) == NORMAL
    assert hash_of("secret", typed) == hash_of("secret", CODE)


@pytest.mark.parametrize(
    "typed",
    ["", "-----", NORMAL[:-1], NORMAL + "A", "I" + NORMAL[1:], "0" + NORMAL[1:], "Ж" + NORMAL[1:], "A" * 65],
)
def test_what_no_key_can_read_is_none(typed: str) -> None:
    assert normal_code(typed) is None
    assert hash_of("secret", typed) is None


@given(st.text(max_size=80))
def test_any_text_is_a_code_or_none(text: str) -> None:
    normal = normal_code(text)
    assert normal is None or (len(normal) == 15 and set(normal) <= set(ALPHABET))


def test_a_hash_is_of_the_secret_too() -> None:
    assert hash_of("one", CODE) != hash_of("another", CODE)
    assert CODE.encode() not in (hash_of("one", CODE) or b"")
