"""The order of titles, as Russians expect it, and what of them is searched."""

import re
import unicodedata

KEY_LENGTH_MAX = 240
_DIGITS = re.compile(r"[0-9]+")
_SIGNS = re.compile(r"[^\w]+")
# й is a letter of its own, ё is not: Unicode takes both apart.
_SHORT_I, _SHORT_I_KEPT = "й", "\ue000"
# CLDR sorts Russian letters before Latin ones. Braille lies behind the alphabets of Europe, and no title is written in it.
_LATIN = {ord("a") + place: 0x2800 + place for place in range(26)}


def sort_key(title: str) -> str:
    """Return by what a title is ordered, code point by code point.

    Case, accents and punctuation count for nothing, ё counts as е, whole numbers by their value: «Ёлки 2» stands before «Ель» and
    «Елки 10». Digits come first, then Russian letters, then Latin ones, then others, as CLDR has it for Russian.
    """
    return _DIGITS.sub(_by_value, words_of(title)).translate(_LATIN)[:KEY_LENGTH_MAX]


def words_of(text: str) -> str:
    """Return the words of a text, one space between two: case, accents and punctuation are gone, ё is е."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace(_SHORT_I, _SHORT_I_KEPT)
    letters = "".join(
        sign for sign in unicodedata.normalize("NFD", plain) if unicodedata.category(sign) != "Mn"
    )
    return _SIGNS.sub(" ", letters.replace(_SHORT_I_KEPT, _SHORT_I)).strip()


def _by_value(digits: re.Match[str]) -> str:
    """Put its length before a number, so that 9 stands before 10."""
    number = digits.group().lstrip("0") or "0"
    return f"{len(number):03}{number}"
