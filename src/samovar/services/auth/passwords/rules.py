"""Which new passwords are accepted: long enough, and not among those that are tried first.

There are no rules about kinds of characters and no forced changes (NIST SP 800-63B, section 3.1.1.2; OWASP ASVS 5.0, 6.2). A
password is refused when it is put together from what everybody uses: common words, also typed in the other keyboard
layout, spelt with digits or backwards; rows of keys; repetitions; years; the person's own login and name. It is an
estimate in the manner of zxcvbn, in powers of ten, so that `qwerty2024!` is refused as well as `qwerty`.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources

from samovar.kit.errors import FieldError

# Guesses, as a power of ten, below which a password counts as common: out of reach for who must guess at the door.
GUESSES_MIN = 6.0
COMMONEST_WORD, OWN_WORD, REPEATED, ROW = 1.0, 1.0, 1.0, 2.0
DIGIT, SIGN, LETTER = 1.0, 1.0, 1.4
# A year or a date is guessed sooner than its digits.
YEAR, DATE = 2.0, 4.0
# What a word in disguise costs more than the plain one: the other layout, digits for letters, backwards, interleaved.
DISGUISE = 0.5
PIECE_LENGTH_MIN, PIECE_LENGTH_MAX = 3, 24
# A longer password cannot be made of so few pieces.
ESTIMATED_LENGTH_MAX = 40
OWN_WORD_LENGTH_MIN = 3
PLATFORM_WORDS = ("samovar", "самовар")

_NO = math.inf
_ROWS = (
    "1234567890",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю.",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "147258369",
    "147852369",
    "741852963",
    "789456123",
    "123654789",
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
)
_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
_OTHER_LAYOUT = str.maketrans(_LATIN_KEYS + _RUSSIAN_KEYS, _RUSSIAN_KEYS + _LATIN_KEYS)
_SPELT_WITH_DIGITS = str.maketrans("0134@5$7!", "oleaassti")
_DOUBLED = re.compile(r"(.)\1")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DATE = re.compile(
    rf"{_DAY}{_MONTH}(?:(?:19|20)\d\d|\d\d)?|{_MONTH}{_DAY}(?:19|20)\d\d|(?:19|20)\d\d{_MONTH}{_DAY}"
)


def faults_of(password: str, *, length_min: int, own_words: Iterable[str]) -> FieldError | None:
    """Return what is wrong with a new password, if anything.

    Args:
        password: As typed.
        length_min: The least number of characters.
        own_words: What an attacker who knows the person tries: login, name.
    """
    password = unicodedata.normalize("NFKC", password)
    if len(password) < length_min:
        return FieldError(
            "password", "too_short", f"fewer than {length_min} characters", limit=str(length_min)
        )
    own = {
        part
        for word in (*own_words, *PLATFORM_WORDS)
        for part in (_folded(word), *re.split(r"\W+", _folded(word)))
        if len(part) >= OWN_WORD_LENGTH_MIN
    }
    if guesses(password, own) < GUESSES_MIN:
        return FieldError("password", "password_common", "one of the passwords that are tried first")
    return None


def in_other_layout(text: str) -> str:
    """Return what the same keys write with the other keyboard layout on: `ghbdtn` for «привет» and back."""
    return text.translate(_OTHER_LAYOUT)


def guesses(password: str, own_words: Iterable[str] = ()) -> float:
    """Estimate, as a power of ten, how many guesses find the password."""
    own = frozenset(own_words)
    text = _folded(password)
    if len(text) > ESTIMATED_LENGTH_MAX:
        return GUESSES_MIN if len(set(text)) > PIECE_LENGTH_MIN else REPEATED
    disguised = {
        in_other_layout(text),
        text.translate(_SPELT_WITH_DIGITS),
        text[::-1],
        _DOUBLED.sub(r"\1", text),  # 11223344
        text[::2] + text[1::2],  # a1b2c3d4
    }
    return min(_estimate(text, own), *(DISGUISE + _estimate(one, own) for one in disguised))


@cache
def common_words() -> dict[str, float]:
    """Read the list of common words and what each costs: the most used stand first."""
    text = (resources.files(__package__) / "common_words.txt").read_text("utf-8")
    words = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    return {word: max(COMMONEST_WORD, math.log10(rank)) for rank, word in enumerate(words, start=1)}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _estimate(text: str, own: frozenset[str]) -> float:
    """Return the cheapest way to put the text together."""
    best = [0.0]
    for end in range(1, len(text) + 1):
        starts = range(max(0, end - PIECE_LENGTH_MAX), end - PIECE_LENGTH_MIN + 1)
        ways = [best[start] + _piece(text[start:end], own) for start in starts]
        best.append(min(best[end - 1] + _single(text[end - 1]), *ways, _NO))
    return best[-1]


def _single(character: str) -> float:
    return DIGIT if character.isdigit() else LETTER if character.isalpha() else SIGN


def _piece(piece: str, own: frozenset[str]) -> float:
    """Return the cheapest reading of several characters as one thing, infinity when they are none."""
    readings = (
        OWN_WORD if piece in own else _NO,
        REPEATED if len(set(piece)) == 1 else _NO,
        ROW if any(piece in row for row in _rows()) else _NO,
        YEAR if _YEAR.fullmatch(piece) else DATE if _DATE.fullmatch(piece) else _NO,
        common_words().get(piece, _NO),
        _repetition(piece),
    )
    return min(readings)


def _repetition(piece: str) -> float:
    size = (piece + piece).find(piece, 1)
    return REPEATED + sum(map(_single, piece[:size])) if size < len(piece) else _NO


@cache
def _rows() -> tuple[str, ...]:
    return tuple(text for row in _ROWS for text in (row, row[::-1]))
