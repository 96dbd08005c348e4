"""What a game may say that its player does. Pure.

A phrase is the developer's, in both languages; a name in braces, `{level}`, stands for what the game fills in. A text is the game's own,
in whatever language it speaks at that moment.
"""

import re
from collections.abc import Mapping
from typing import Literal

from samovar.kit.errors import FieldError
from samovar.kit.text.visible import is_visible_line

Language = Literal["ru", "en"]
KEY_PATTERN = r"^[A-Za-z0-9._-]{1,64}\Z"
NAME_PATTERN = r"^[a-z][a-z0-9_]{0,31}\Z"
PHRASES_MAX = 200
LINE_LENGTH_MAX = 100
PARAMETERS_MAX = 8
PARAMETER_LENGTH_MAX = 50
# Longer than that no list of friends is wide.
SHOWN_LENGTH_MAX = 200
_NAMED = re.compile(r"\{([a-z][a-z0-9_]{0,31})\}")
_CUT = "…"


def names_in(phrase: str) -> tuple[str, ...]:
    """Return what a phrase wants to be filled in, in its order, each once."""
    return tuple(dict.fromkeys(_NAMED.findall(phrase)))


def faults_of_phrase(phrase: str, field: str) -> list[FieldError]:
    """Return what is wrong with a phrase in one language."""
    if not is_visible_line(phrase):
        return [FieldError(field, "unprintable", "no visible line")]
    if len(names_in(phrase)) > PARAMETERS_MAX:
        limit = str(PARAMETERS_MAX)
        return [FieldError(field, "phrase_names_too_many", f"{limit} names at most", limit=limit)]
    rest = _NAMED.sub("", phrase)
    if "{" in rest or "}" in rest:
        return [FieldError(field, "phrase_braces", "a name in braces: small Latin letters, digits, `_`")]
    return []


def faults_of_parameters(phrases: Mapping[str, str], parameters: Mapping[str, str]) -> list[FieldError]:
    """Return what is wrong with what a game fills in.

    Args:
        phrases: One phrase, by language; a name that one of them wants has to be given, and one that none wants may be.
        parameters: By name.
    """
    wanted = dict.fromkeys(name for phrase in phrases.values() for name in names_in(phrase))
    missing = [name for name in wanted if name not in parameters]
    faults = [
        FieldError(f"parameters.{name}", "phrase_name_missing", "the phrase wants it") for name in missing
    ]
    return faults + [
        FieldError(f"parameters.{name}", "unprintable", "no visible line")
        for name, value in parameters.items()
        if not is_visible_line(value)
    ]


def told(phrases: Mapping[str, str], parameters: Mapping[str, str], language: Language) -> str | None:
    """Return a phrase as somebody reads it; none: the developer has taken it out since.

    What a later wording of it wants and the game has not filled in is an ellipsis.
    """
    phrase = phrases.get(language) or phrases.get("ru")
    if phrase is None:
        return None
    filled = _NAMED.sub(lambda name: parameters.get(name[1], _CUT), phrase)
    return filled if len(filled) <= SHOWN_LENGTH_MAX else filled[: SHOWN_LENGTH_MAX - 1] + _CUT
