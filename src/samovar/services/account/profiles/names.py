"""What people may call themselves, as pure functions: the display name, and the unique name of their own choice.

Two names are alike when a reader may take one for the other. So names are compared by their skeleton, after Unicode
Technical Standard 39: one letter stands for all that look like it, in whichever alphabet and case.
"""

import re
import unicodedata

from samovar.kit.text.visible import is_visible_line

NAME_LENGTH_MIN = 3
NAME_LENGTH_MAX = 24
DISPLAY_NAME_LENGTH_MAX = 64

_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_NAME = re.compile(r"[A-Za-zА-Яа-яЁё](?:[._-]?[0-9A-Za-zА-Яа-яЁё])*")
_SEPARATORS = re.compile(r"[\W_]+")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"\+?\d(?:[\s().-]*\d){9,}")
# Letters and digits that are taken for one another in one case or the other: `В` is `B`, `I` is `l`, `0` is `O`.
_LOOKALIKES = str.maketrans("авеёкмнорстухіјѕзбч01i", "abeekmhopctyxljs364oll")
_WORDS = (
    "admin administrator root system support help helpdesk moderator moder staff official security operator owner "
    "developer samovar api auth account accounts me null undefined anonymous deleted everyone here bot "
    "админ администратор администрация система поддержка помощь модератор сотрудник официальный безопасность оператор "
    "владелец разработчик самовар техподдержка аноним удалено все бот"
)
# Whoever begins like this speaks for the house.
_BEGINNINGS = "samovar самовар admin админ moderator модератор support поддержка техподдержка"


def skeleton(text: str) -> str:
    """Return the form in which names that look alike are equal."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    letters = _SEPARATORS.sub("", plain).translate(_LOOKALIKES)
    return letters.replace("rn", "m").replace("vv", "w")


_RESERVED = frozenset(skeleton(word) for word in _WORDS.split())
_RESERVED_BEGINNINGS = tuple(skeleton(word) for word in _BEGINNINGS.split())


def name_fault(name: str) -> str | None:
    """Return the code of the rule that a unique name breaks, or none.

    `name_form`: letters, digits and single `.`, `_`, `-` between them, a letter first; `name_mixed`: Latin and Cyrillic in
    one name, which hides look-alikes; `name_reserved`: it would speak for the house.
    """
    if not _NAME.fullmatch(name):
        return "name_form"
    if _LATIN.search(name) and _CYRILLIC.search(name):
        return "name_mixed"
    return "name_reserved" if is_reserved(name) else None


def is_reserved(text: str) -> bool:
    """Return whether a name would speak for the house."""
    form = skeleton(text)
    return form in _RESERVED or form.startswith(_RESERVED_BEGINNINGS)


def tidy(text: str) -> str:
    """Return a line of text in its one form: composed, with single spaces and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def display_name_fault(text: str) -> str | None:
    """Return the code of the rule that a display name breaks, or none.

    `unprintable`: nothing to see, or signs that disturb what stands around it; `contact`: a mail address or a phone number,
    which everybody would see; `name_reserved`: it would speak for the house.
    """
    if not is_visible_line(text):
        return "unprintable"
    if holds_contact(text):
        return "contact"
    speaks_for_the_house = is_reserved(text) or any(
        skeleton(word).startswith(_RESERVED_BEGINNINGS) for word in text.split()
    )
    return "name_reserved" if speaks_for_the_house else None


def holds_contact(text: str) -> bool:
    """Return whether a mail address or a phone number stands in the text."""
    return bool(_MAIL.search(text) or _PHONE.search(text))


def given_at_registration(text: str, spare: str) -> str:
    """Return the display name to begin with: what the person gave, or `spare` where that must not be shown to everybody."""
    tidied = tidy(text)[:DISPLAY_NAME_LENGTH_MAX]
    return spare if display_name_fault(tidied) else tidied


def fold(text: str) -> str:
    """Return the form in which display names are searched: lower case, ё as е, no accents, single spaces."""
    # Twice, since folding may leave what can be taken apart, and taking apart what can be folded.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(sign for sign in decomposed if unicodedata.category(sign) != "Mn").split())
