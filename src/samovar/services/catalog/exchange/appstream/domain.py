"""What a component of AppStream is here: which genre, which age mark, which words. Pure.

Sources: the AppStream specification 1.0 (metadata, DEP-11), the categories of the Desktop Menu Specification 1.1, the ids of the
Open Age Ratings Service 1.1; the age mark after 436-ФЗ, articles 7 to 10.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from samovar.services.catalog.domain import SLUG_LENGTH_MAX, AgeRating
from samovar.services.catalog.schemas import Age, Descriptor

GENRES: Mapping[str, str] = {
    "ActionGame": "action",
    "AdventureGame": "adventure",
    "ArcadeGame": "arcade",
    "BlocksGame": "puzzle",
    "BoardGame": "board",
    "CardGame": "board",
    "KidsGame": "educational",
    "LogicGame": "puzzle",
    "RolePlaying": "rpg",
    "Shooter": "shooter",
    "Simulation": "simulation",
    "SportsGame": "sport",
    "StrategyGame": "strategy",
}
GENRE_NAMES: Mapping[str, tuple[str, str]] = {
    "action": ("Экшен", "Action"),
    "adventure": ("Приключения", "Adventure"),
    "arcade": ("Аркады", "Arcade"),
    "board": ("Настольные и карточные", "Board and card games"),
    "educational": ("Обучающие", "Educational"),
    "puzzle": ("Головоломки", "Puzzles"),
    "rpg": ("Ролевые", "Role-playing"),
    "shooter": ("Шутеры", "Shooters"),
    "simulation": ("Симуляторы", "Simulation"),
    "sport": ("Спорт", "Sports"),
    "strategy": ("Стратегии", "Strategy"),
}
AGE_UNRATED: AgeRating = 12
"""Of what nobody has rated: most of it is harmless, and it is not for us to promise so."""
_MARKS: tuple[AgeRating, ...] = (0, 6, 12, 16, 18)
_LEVELS = {"mild": 0, "moderate": 1, "intense": 2}
# By the prefix of an id: the marks of mild, moderate and intense, and what it is called here.
_RATINGS: tuple[tuple[str, tuple[AgeRating, AgeRating, AgeRating], Descriptor | None], ...] = (
    ("violence-cartoon", (6, 6, 12), "violence"),
    ("violence-fantasy", (6, 12, 16), "violence"),
    ("violence-bloodshed", (12, 16, 18), "blood"),
    ("violence-sexual", (18, 18, 18), "sexual_content"),
    ("violence-slavery", (12, 16, 18), "violence"),
    ("violence-worship", (12, 16, 18), "violence"),
    ("violence-desecration", (16, 18, 18), "violence"),
    ("violence", (12, 16, 18), "violence"),
    ("drugs-narcotics", (18, 18, 18), "drugs"),
    ("drugs", (12, 16, 18), "alcohol_and_tobacco"),
    ("sex-nudity", (12, 16, 18), "nudity"),
    ("sex", (12, 16, 18), "sexual_content"),
    ("language-discrimination", (16, 18, 18), "discrimination"),
    ("language-profanity", (12, 16, 18), "language"),
    ("language", (6, 12, 16), "language"),
    ("money-gambling", (12, 16, 18), "gambling"),
    ("money-purchasing", (0, 0, 0), "purchases"),
    ("money", (0, 0, 0), None),
    ("social-chat", (0, 6, 12), "online_chat"),
    ("social-audio", (6, 12, 12), "online_chat"),
    ("social", (0, 0, 0), None),
)
_LOCALE = re.compile(r"([a-z]{2,3})(?:_([A-Z]{2}))?")
_SCRIPTS = {"sr@latin": "sr-Latn", "uz@cyrillic": "uz-Cyrl"}
# What has no Latin spelling by decomposition alone.
_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
        "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sch - y - e yu ya e".replace("-", "\0").split(
            " "
        ),
        strict=True,
    )
)


def age_of(rating: Mapping[str, Mapping[str, str]] | None) -> Age:
    """Return the age mark for what OARS says; an empty rating says that there is nothing to warn of."""
    if not rating:
        return Age(rating=AGE_UNRATED)
    highest: AgeRating = 0
    descriptors: dict[Descriptor, None] = {}
    for found, level in (pair for values in rating.values() for pair in (values or {}).items()):
        rule = next((rule for rule in _RATINGS if found.startswith(rule[0])), None)
        if rule is None or level not in _LEVELS:
            continue
        highest = max(highest, rule[1][_LEVELS[level]])
        if rule[2]:
            descriptors[rule[2]] = None
    return Age(rating=highest, descriptors=list(descriptors))


def genres_of(categories: Sequence[str]) -> list[str]:
    """Return our genres for menu categories, each once."""
    return list(dict.fromkeys(GENRES[one] for one in categories if one in GENRES))


def code_of(locale: str) -> str | None:
    """Return the BCP 47 code of a POSIX locale, none where we have none: `pt_BR` is `pt-BR`."""
    if locale in _SCRIPTS:
        return _SCRIPTS[locale]
    found = _LOCALE.fullmatch(locale)
    if not found:
        return None
    language, region = found.groups()
    # English as spoken in the United States is what programs are written in.
    return language if region is None or locale == "en_US" else f"{language}-{region}"


def slug_of(name: str, *rest: str) -> str:
    """Return a slug made of a name, and of more words where that is needed; empty where nothing is left."""
    words = []
    for text in (name, *rest):
        latin = "".join(_CYRILLIC.get(sign, sign) for sign in text.lower())
        plain = unicodedata.normalize("NFKD", latin.replace("\0", "")).encode("ascii", "ignore").decode()
        words += re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    return "-".join(words)[:SLUG_LENGTH_MAX].strip("-")


def plain_text(markup: str, length_max: int) -> str:
    """Return the plain text of a description: paragraphs are parted by an empty line, items of lists begin with a dash."""
    reader = _Plain()
    reader.feed(markup)
    reader.close()
    return shortened(reader.text(), length_max)


def line_of(text: str, length_max: int) -> str:
    """Return a text as one line."""
    return shortened(" ".join(text.split()), length_max)


def shortened(text: str, length_max: int) -> str:
    """Return a text that is no longer than it may be, cut behind a word."""
    if len(text) <= length_max:
        return text
    cut = text[: length_max - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…"


def text_in(texts: Any, language: str) -> str | None:
    """Return a text in one language; `C` is what the program was written in, which is English."""
    found = texts.get(language) if isinstance(texts, dict) else None
    return found if isinstance(found, str) and found.strip() else None


class _Plain(HTMLParser):
    """Reads the markup that AppStream allows: p, ul, ol, li, em, code."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[tuple[bool, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in {"p", "li"}:
            self._blocks.append((tag == "li", []))

    def handle_data(self, data: str) -> None:
        if not self._blocks:
            self._blocks.append((False, []))
        self._blocks[-1][1].append(data)

    def text(self) -> str:
        """Return what was read."""
        blocks = [(is_item, " ".join("".join(parts).split())) for is_item, parts in self._blocks]
        out = ""
        was_item = False
        for is_item, text in blocks:
            if text:
                gap = "" if not out else "\n" if is_item and was_item else "\n\n"
                out += f"{gap}{'— ' if is_item else ''}{text}"
                was_item = is_item
        return out
