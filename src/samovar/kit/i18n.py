"""What people read, in Russian first and English second: sentences from a message catalogue, numbers, money and dates.

A catalogue is a folder with `ru.toml` and `en.toml`. Keys are stable ids, here `request.not_found.title`; a value is a
sentence with `{parameters}`, or a table of plural forms chosen by the parameter `count`:

    ["request.not_found"]
    title = "Не найдено"

    ["library.games"]
    one = "{count} игра"
    few = "{count} игры"
    many = "{count} игр"

A sentence that is missing never breaks an answer: the other language speaks, or at last the key itself, and the log says
so. `missing` finds such holes before a release does.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import cached_property, lru_cache
from importlib.resources.abc import Traversable
from typing import Any, Literal

import structlog

from samovar.kit.errors import SamovarError
from samovar.kit.money import Money, minor_digits

Language = Literal["ru", "en"]
PluralForm = Literal["one", "few", "many", "other"]

LANGUAGES: tuple[Language, ...] = ("ru", "en")
HEADER_LENGTH_MAX = 256
HEADERS_KEPT = 256
REPORTED_MAX = 1_000

# The forms that whole numbers take: https://cldr.unicode.org/index/cldr-spec/plural-rules. Russian `other` is for fractions.
_PLURAL_FORMS: dict[str, tuple[PluralForm, ...]] = {"ru": ("one", "few", "many"), "en": ("one", "other")}
_PLURAL_NAMES = {"one", "few", "many", "other"}
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)

_NARROW_SPACE = "\u202f"
_SPACE = "\u00a0"
_MINUS = "\u2212"
_SEPARATORS = {
    "ru": str.maketrans({",": _NARROW_SPACE, ".": ",", "-": _MINUS}),
    "en": str.maketrans({"-": _MINUS}),
}
_SYMBOLS = {"RUB": "₽", "KZT": "₸", "EUR": "€", "USD": "$"}
_SIZES = {"ru": ("Б", "КБ", "МБ", "ГБ", "ТБ"), "en": ("B", "KB", "MB", "GB", "TB")}
_SIZE_STEP = 1_000
_ONE_DECIMAL_BELOW = 99.95
_MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "January February March April May June July August September October November December",
}
# Whose clock a reader knows: nobody has told us where they live. Moscow is without summer time since 2014.
_CLOCKS: dict[str, tuple[tzinfo, str]] = {
    "ru": (timezone(timedelta(hours=3)), "по Москве"),
    "en": (UTC, "UTC"),
}

log = structlog.get_logger(__name__)


class CatalogueError(ValueError):
    """A file of the catalogue is wrong; the message names the file and the key."""


class Message:
    """One sentence in one language; `forms` has the single key `""` unless it is plural."""

    def __init__(self, forms: Mapping[str, str]) -> None:
        self.forms = forms

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The parameters of all forms, and `count` where it chooses the form."""
        found = {name for text in self.forms.values() for name in _PLACE.findall(text)}
        return frozenset(found if "" in self.forms else found | {"count"})

    def fill(self, language: Language, params: Mapping[str, Any]) -> str:
        """Return the sentence with its parameters; one that is not given stays as `{name}`."""
        if "" in self.forms:
            text = self.forms[""]
        else:
            count = params.get("count")
            text = self.forms[plural_form(count if isinstance(count, int) else 0, language)]
        return _PLACE.sub(
            lambda place: _shown(params[place[1]], language) if place[1] in params else place[0], text
        )


class Catalogue:
    """All sentences of a process, in every language."""

    def __init__(self, messages: Mapping[Language, Mapping[str, Message]]) -> None:
        self.messages = messages
        self._reported: set[tuple[str, str]] = set()

    @classmethod
    def load(cls, folders: Iterable[Traversable]) -> "Catalogue":
        """Read the catalogues of `folders`; a folder that does not exist has no sentences.

        Raises:
            CatalogueError: A file is missing or wrong, or two folders have the same key.
        """
        messages: dict[Language, dict[str, Message]] = {language: {} for language in LANGUAGES}
        for folder in folders:
            if not folder.is_dir():
                continue
            for language in LANGUAGES:
                file = folder / f"{language}.toml"
                for key, message in _read(file, language):
                    if key in messages[language]:
                        raise CatalogueError(f"{file}: {key} is there twice")
                    messages[language][key] = message
        return cls(messages)

    def __contains__(self, key: str) -> bool:
        return any(key in sentences for sentences in self.messages.values())

    def text(self, key: str, language: str, /, **params: Any) -> str:
        """Return the sentence for `key`; in the other language, or at last the key itself, where it is missing.

        Money, numbers, dates and moments among the parameters are written as the language writes them, moments in Russian by
        Moscow's clock and in English by UTC; pass a year as text.
        """
        preferred: Language = "en" if language == "en" else "ru"
        for candidate in (preferred, *LANGUAGES):
            message = self.messages[candidate].get(key)
            if message is None:
                self._report(key, candidate)
                continue
            if not message.parameters <= params.keys():
                self._report(key, candidate, absent=sorted(message.parameters - params.keys()))
            return message.fill(candidate, params)
        return key

    def _report(self, key: str, language: Language, absent: list[str] | None = None) -> None:
        """Log a hole once, not at every request that falls into it."""
        if (key, language) in self._reported or len(self._reported) >= REPORTED_MAX:
            return
        self._reported.add((key, language))
        log.warning("sentence is incomplete", key=key, language=language, absent_parameters=absent or "all")


def missing(catalogue: Catalogue, kinds: Iterable[type[SamovarError]] = ()) -> list[str]:
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


def _read(file: Traversable, language: Language) -> Iterator[tuple[str, Message]]:
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{file}: {error}") from None
    for key, forms in _flat(document):
        fault = _fault(forms, language)
        if fault:
            raise CatalogueError(f"{file}: {key}: {fault}")
        yield key, Message(forms)


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, value in table.items():
        key = f"{above}{name}"
        if not isinstance(value, dict):
            yield key, {"": value}
        elif value and set(value) <= _PLURAL_NAMES:
            yield key, value
        else:
            yield from _flat(value, f"{key}.")


def _fault(forms: Mapping[str, Any], language: Language) -> str | None:
    """Return what is wrong with a value of the file, if anything."""
    if "" not in forms and set(forms) != set(_PLURAL_FORMS[language]):
        return f"the plural forms of {language} are {', '.join(_PLURAL_FORMS[language])}"
    for text in forms.values():
        if not isinstance(text, str) or not text.strip():
            return "a sentence is needed"
        if set(_PLACE.sub("", text)) & set("{}"):
            return "a brace that belongs to no {parameter}"
    return None


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


def plural_form(count: int, language: Language) -> PluralForm:
    """Return the plural form of a whole number by the CLDR rules: 1, 21 one; 2, 34 few; 5, 11 many."""
    if language == "en":
        return "one" if abs(count) == 1 else "other"
    tens, units = abs(count) // 10 % 10, abs(count) % 10
    if tens == 1 or units == 0 or units > 4:  # noqa: PLR2004 - the rule itself
        return "many"
    return "one" if units == 1 else "few"


def format_number(value: float | Decimal, language: Language, *, digits: int = 0) -> str:
    """Return a number as people write it, with at most `digits` decimals: `1 299,5` (U+202F inside), `1,299.5`."""
    text = f"{value:,.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).translate(_SEPARATORS[language])


def format_money(money: Money, language: Language) -> str:
    """Return a sum as people write it; whole units go without kopecks: `1 299 ₽`, `−49,90 ₽`, `₽1,299`."""
    digits = minor_digits(money.currency)
    units, rest = divmod(abs(money.amount), 10**digits)
    point = "," if language == "ru" else "."
    figures = format_number(units, language) + (f"{point}{rest:0{digits}}" if rest else "")
    sign = _MINUS if money.amount < 0 else ""
    symbol = _SYMBOLS.get(money.currency)
    if language == "ru":
        return f"{sign}{figures}{_SPACE}{symbol or money.currency}"
    return f"{sign}{symbol}{figures}" if symbol else f"{sign}{money.currency}{_SPACE}{figures}"


def format_size(size_bytes: int, language: Language) -> str:
    """Return an amount of data: `38,2 ГБ`. A step is 1000, as IEC 80000-13 has it and disks are sold."""
    value, unit = float(size_bytes), 0
    while round(value) >= _SIZE_STEP and unit < len(_SIZES[language]) - 1:
        value, unit = value / _SIZE_STEP, unit + 1
    digits = 1 if value < _ONE_DECIMAL_BELOW else 0
    return f"{format_number(value, language, digits=digits)}{_SPACE}{_SIZES[language][unit]}"


def format_date(day: date, language: Language) -> str:
    """Return a day in words: `23 ноября 2026`, `23 November 2026`."""
    return f"{day.day}{_SPACE}{_MONTHS[language].split()[day.month - 1]} {day.year}"


def format_moment(moment: datetime, language: Language, zone: tzinfo) -> str:
    """Return a moment as the clock of `zone` shows it: `23 ноября 2026, 15:04`."""
    there = moment.astimezone(zone)
    return f"{format_date(there, language)}, {there:%H:%M}"


def _shown(value: Any, language: Language) -> str:
    if isinstance(value, Money):
        return format_money(value, language)
    if isinstance(value, int | float | Decimal):
        return format_number(value, language, digits=0 if isinstance(value, int) else 2)
    if isinstance(value, datetime):
        zone, name = _CLOCKS[language]
        return f"{format_moment(value, language, zone)} {name}"
    return format_date(value, language) if isinstance(value, date) else str(value)
