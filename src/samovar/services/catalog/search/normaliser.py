"""One spelling for what the index holds and for what is asked: both go through here, so both mean the same.

    words("S.T.A.L.K.E.R.™ II: Ёлки")  →  ["stalker", "2", "елки"]

`normalise` is idempotent. What is done, in this order: dots of acronyms go (`G.T.A.`); compatibility forms, case and accents are
folded, ё among them, й is kept; apostrophes and ™ vanish, other signs part words; in a word of two scripts the letters that look alike
are mended (`Сursed` with a Cyrillic С); Roman numerals become Arabic. Beside it stand the ways of reading a word otherwise: the other
keyboard layout, a Cyrillic spelling in Latin letters, and the skeleton of consonants that both spellings share.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from samovar.kit.text import keyboards

TEXT_LENGTH_MAX = 1_000
WORDS_MAX = 24
WORD_LENGTH_MAX = 40
STARTS_MAX = 3

_NUMBERED = re.compile(r"(?<=[^\W\d])(?=\d)")
_ACRONYM = re.compile(r"(?<!\w)(?:\w\.){2,}(?:\w(?!\w))?")
_VANISHING = frozenset("'’‘`´ʼʹ″\u00ad\u200b\u200c\u200d\u2060\ufeff™®©℠\u0301")
_LATIN_OF = dict(zip("авекмнорстухіјѕьг", "abekmhopctyxijsbr", strict=True))
_CYRILLIC_OF = dict(zip("abekmhopctyx", "авекмнорстух", strict=True))
_FOLDED_MAX = 50_000
_NUMERALS = {
    numeral: str(number)
    for number, numeral in enumerate(
        (
            "ii",
            "iii",
            "iv",
            "v",
            "vi",
            "vii",
            "viii",
            "ix",
            "x",
            "xi",
            "xii",
            "xiii",
            "xiv",
            "xv",
            "xvi",
            "xvii",
            "xviii",
            "xix",
            "xx",
        ),
        start=2,
    )
}

# Sounds of Russian letters in Latin ones, as titles are commonly written down by ear.
_SOUNDS = {
    **dict(zip("абвгдеёзийклмнопрстуфхыэіїєґ", "abvgdeeziyklmnoprstufhyeiieg", strict=True)),
    "ж": "zh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sh",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
}
# What counts in a skeleton: sounds that both spellings keep apart. A longer spelling wins.
_CONSONANTS = (
    ("дж", "j"), ("кс", "ks"), ("тч", "c"), ("тс", "s"), ("дз", "s"), ("sch", "x"), ("tch", "c"), ("tsch", "c"), ("dge", "j"), ("dzh", "j"),
    ("ght", "t"), ("igh", ""), ("kn", "n"), ("wr", "r"), ("ps", "ps"), ("ph", "f"), ("sh", "x"), ("ch", "c"), ("zh", "j"), ("th", "t"),
    ("ck", "k"), ("cq", "k"), ("qu", "kv"), ("wh", "v"), ("gh", "g"), ("kh", "h"), ("ts", "s"), ("tz", "s"), ("ce", "s"), ("ci", "s"), ("cy", "s"),
    ("ge", "j"), ("gi", "j"),
)  # fmt: skip
_SINGLE = {
    **dict(zip("бвгджзклмнпрстфхцчшщґ", "bvgdjsklmnprstfhscxxg", strict=True)),
    **dict(zip("bcdfghjklmnpqrstvwz", "bkdfghjklmnpkrstvvs", strict=True)),
    "x": "ks",
}
_SPELT = dict(_CONSONANTS)
_SOFT = re.compile("|".join((*sorted(_SPELT, key=len, reverse=True), ".")))
_HARD = re.compile(
    "|".join((*sorted(_SPELT.keys() - {"ce", "ci", "cy", "ge", "gi"}, key=len, reverse=True), "."))
)
_VOWELS = "aeiouyаеиоуыэюяй"


class _Folding(dict[int, str]):
    """What each character becomes; learned as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        if len(self) < _FOLDED_MAX:
            self[code] = folded
        return folded


def _fold(char: str) -> str:
    if char in "йЙ":
        return "й"
    if char in _VANISHING:
        return ""
    previous, text = "", char
    while text != previous:
        previous = text
        text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(part if part.isalnum() else " " for part in text if not unicodedata.combining(part))


_folding = _Folding()


def normalise(text: str) -> str:
    """Return the words of a text in their one spelling, parted by single spaces; see the module."""
    return " ".join(words(text))


def words(text: str, *, numerals: bool = True) -> list[str]:
    """Return the words of a text in their one spelling, at most `WORDS_MAX` of `WORD_LENGTH_MAX` characters.

    Without `numerals` Roman ones stay as they are: joined with other words they are not seen to be numerals.
    """
    text = unicodedata.normalize("NFC", text[:TEXT_LENGTH_MAX])
    text = _ACRONYM.sub(lambda match: match[0].replace(".", ""), text)
    found = [_mend(word[:WORD_LENGTH_MAX]) for word in text.translate(_folding).split()[:WORDS_MAX]]
    return [_NUMERALS.get(word, word) for word in found] if numerals else found


@lru_cache(maxsize=65_536)
def _mend(word: str) -> str:
    """Return a word with look-alike letters of another script mended."""
    latin = sum("a" <= char <= "z" for char in word)
    cyrillic = sum("а" <= char <= "я" or char in "іјѕ" for char in word)
    if latin and cyrillic:
        look_alike = _LATIN_OF if latin >= cyrillic else _CYRILLIC_OF
        mended = "".join(look_alike.get(char, char) for char in word)
        if not (_has_latin(mended) and _has_cyrillic(mended)):
            return mended
    return word


def _has_latin(word: str) -> bool:
    return any("a" <= char <= "z" for char in word)


def _has_cyrillic(word: str) -> bool:
    return any("а" <= char <= "я" or char in "ёіјѕ" for char in word)


def is_cyrillic(word: str) -> bool:
    """Return whether a word is written in Cyrillic letters."""
    return _has_cyrillic(word)


def apart(word: str) -> list[str]:
    """Return a word and the number at its end as two: `гта5` → гта, 5."""
    return _NUMBERED.sub(" ", word).split()


def starts(title_words: list[str]) -> list[str]:
    """Return the first letters of words, one to `STARTS_MAX` of them: what somebody has typed who has just begun."""
    return list(
        dict.fromkeys(
            word[:size] for word in title_words for size in range(1, min(len(word), STARTS_MAX) + 1)
        )
    )


def joined_forms(title: list[str]) -> list[str]:
    """Return what a title reads when spaces are lost: all of it, and each two neighbours."""
    if len(title) < 2:  # noqa: PLR2004
        return []
    pairs = [left + right for left, right in pairwise(title)]
    return list(dict.fromkeys([joined(title), *(pair[:WORD_LENGTH_MAX] for pair in pairs)]))


def joined(title: list[str]) -> str:
    """Return all words of a title as one."""
    return "".join(title)[: 2 * WORD_LENGTH_MAX]


def other_layout(text: str) -> str:
    """Return what the same keys give in the other layout: `ghbdtn` → `привет`, `цшеср` → `witch`."""
    return keyboards.other_layout(text[:TEXT_LENGTH_MAX])


def in_latin(word: str) -> str:
    """Return a Cyrillic word as Latin letters write its sounds; others as they are."""
    return "".join(_SOUNDS.get(char, char) for char in word)


@lru_cache(maxsize=65_536)
def skeletons(word: str) -> tuple[str, ...]:
    """Return the consonants of a word as they sound, in either script: `фоллаут` and `fallout` are `flt`.

    A digit stays; a vowel at the beginning stays as `a`, so that `unreal` is not `nrl`. Latin c and g before e, i and y are read both
    ways, soft and hard: `киберпанк` and `cyberpunk` share `kbrpnk`.
    """
    return tuple(dict.fromkeys((_bones(word, _SOFT), _bones(word, _HARD))))


def _bones(word: str, consonant: re.Pattern[str]) -> str:
    bones = "a" if word[:1] in _VOWELS and word else ""
    for match in consonant.finditer(word):
        spelling = match[0]
        for letter in (
            _SPELT.get(spelling) or _SINGLE.get(spelling) or (spelling if spelling.isdigit() else "")
        ):
            if bones[-1:] != letter:
                bones += letter
    return bones
