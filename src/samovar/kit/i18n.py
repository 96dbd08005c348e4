"""What people read, in Russian first and English second, with the words of the kit: its errors, its money, its clocks.

How a catalogue is written says `samovar.language.catalogue`; here are what a process of the platform adds to it, and the
language that a request asks for.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

import structlog

from samovar.kit.errors import SamovarError
from samovar.kit.money import Money
from samovar.language import catalogue as sentences
from samovar.language.catalogue import CatalogueError, Message
from samovar.language.formats import (
    LANGUAGES,
    Language,
    format_amount,
    format_date,
    format_moment,
    format_number,
    format_size,
    plural_form,
)

__all__ = [
    "LANGUAGES",
    "Catalogue",
    "CatalogueError",
    "Language",
    "Message",
    "error_classes",
    "format_date",
    "format_moment",
    "format_money",
    "format_number",
    "format_size",
    "language_of",
    "missing",
    "plural_form",
]

HEADER_LENGTH_MAX = 256
HEADERS_KEPT = 256

log = structlog.get_logger(__name__)

_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
# Whose clock a reader knows: nobody has told us where they live. Moscow is without summer time since 2014.
_CLOCKS: dict[str, tuple[tzinfo, str]] = {
    "ru": (timezone(timedelta(hours=3)), "по Москве"),
    "en": (UTC, "UTC"),
}


class Catalogue(sentences.Catalogue):
    """All sentences of a process, in every language.

    Money, numbers, dates and moments among the parameters are written as the language writes them, moments in Russian by
    Moscow's clock and in English by UTC; pass a year as text.
    """

    def shown(self, value: Any, language: Language) -> str:
        """Return a parameter as the language writes it."""
        if isinstance(value, Money):
            return format_money(value, language)
        if isinstance(value, datetime):
            zone, name = _CLOCKS[language]
            return f"{format_moment(value, language, zone)} {name}"
        return super().shown(value, language)

    def warn(self, key: str, language: Language, absent: list[str]) -> None:
        """Log a hole."""
        log.warning("sentence is incomplete", key=key, language=language, absent_parameters=absent or "all")


def missing(catalogue: sentences.Catalogue, kinds: Iterable[type[SamovarError]] = ()) -> list[str]:
    """Return what the catalogue lacks, one line each, none when it is complete.

    Every key must be there in every language with the same parameters, and every error class must have a title and a
    detail.

    Args:
        catalogue: What to look through.
        kinds: The error classes that need sentences; see `error_classes`.
    """
    wanted = {f"{kind.code}.{part}" for kind in kinds for part in ("title", "detail")}
    keys = wanted.union(*catalogue.messages.values())
    found = [
        f"{language}: {key} is missing"
        for key in sorted(keys)
        for language in LANGUAGES
        if key not in catalogue.messages[language]
    ]
    for key, message in sorted(catalogue.messages["ru"].items()):
        other = catalogue.messages["en"].get(key, message)
        if other.parameters != message.parameters:
            found.append(f"{key}: parameters differ: {_listed(message)} in ru, {_listed(other)} in en")
    return found


def error_classes(root: type[SamovarError] = SamovarError) -> list[type[SamovarError]]:
    """Return `root` and every error derived from it in the modules that are imported by now."""
    return [root, *(kind for child in root.__subclasses__() for kind in error_classes(child))]


def _listed(message: Message) -> str:
    return ", ".join(sorted(message.parameters)) or "none"


@lru_cache(maxsize=HEADERS_KEPT)
def language_of(accept_language: str | None) -> Language:
    """Return the language that an `Accept-Language` header asks for (RFC 9110, section 12.5.4).

    Russian when it says nothing about either language, is missing, or cannot be read; the first named of two equals.
    """
    wishes: dict[str, float] = {}
    for item in (accept_language or "")[:HEADER_LENGTH_MAX].split(","):
        tag, _, quality = item.partition(";")
        matched = _QUALITY.fullmatch(quality.strip())
        if quality and not matched:
            continue
        primary = tag.strip().lower().partition("-")[0]
        wish = float(matched[1]) if matched else 1.0
        wishes[primary] = max(wish, wishes.get(primary, 0.0))
    for_others = wishes.get("*", 0.0)
    named = [language for language in wishes if language in LANGUAGES]
    by_wish = {language: wishes.get(language, for_others) for language in (*named, *LANGUAGES)}
    best = max(by_wish, key=lambda language: by_wish[language])
    return "en" if best == "en" and by_wish[best] > 0 else "ru"


def format_money(money: Money, language: Language) -> str:
    """Return a sum as people write it; whole units go without kopecks: `1 299 ₽`, `−49,90 ₽`, `₽1,299`."""
    return format_amount(money.amount, money.currency, language)
