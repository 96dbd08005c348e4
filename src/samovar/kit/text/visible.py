"""What a reader sees of a line of text: names, titles, whatever one person writes and another reads."""

import re
import unicodedata

MARKS_IN_A_ROW_MAX = 2
# Joins several pictures into one: 👨‍👩‍👧.
_JOINER = "\u200d"
# Letters and signs to Unicode, blanks to the eye: fillers of Hangul, the empty Braille pattern.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Most lines are made of these alone; the others are looked at sign by sign.
_PLAIN = re.compile(r"[ -~А-Яа-яЁё«»–—…]+")


def is_visible_line(text: str) -> bool:
    """Return whether there is something to see in a line, and nothing that moves or covers its neighbours."""
    if _PLAIN.fullmatch(text):
        return not text.isspace()
    marks = 0
    for sign in text:
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if (
            sign in _BLANKS
            or marks > MARKS_IN_A_ROW_MAX
            or (kind[0] == "C" and sign != _JOINER)
            or kind in {"Zl", "Zp"}
        ):
            return False
    return any(unicodedata.category(sign)[0] in "LNPS" for sign in text)
