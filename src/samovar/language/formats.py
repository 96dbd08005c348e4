"""Numbers, sums, sizes and dates as people write them."""

from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Literal

from samovar.language.currencies import minor_digits, symbol_of

Language = Literal["ru", "en"]
PluralForm = Literal["one", "few", "many", "other"]

LANGUAGES: tuple[Language, ...] = ("ru", "en")

_NARROW_SPACE = "\u202f"
_SPACE = "\u00a0"
_MINUS = "\u2212"
_SEPARATORS = {
    "ru": str.maketrans({",": _NARROW_SPACE, ".": ",", "-": _MINUS}),
    "en": str.maketrans({"-": _MINUS}),
}
_SIZES = {"ru": ("Б", "КБ", "МБ", "ГБ", "ТБ"), "en": ("B", "KB", "MB", "GB", "TB")}
_SIZE_STEP = 1_000
_ONE_DECIMAL_BELOW = 99.95
_MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "January February March April May June July August September October November December",
}


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


def format_amount(amount: int, currency: str, language: Language) -> str:
    """Return a sum as people write it; whole units go without kopecks: `1 299 ₽`, `−49,90 ₽`, `₽1,299`.

    Args:
        amount: Minor units: 129900 is 1299 roubles.
        currency: ISO 4217 code.
        language: Whose way of writing.
    """
    digits = minor_digits(currency)
    units, rest = divmod(abs(amount), 10**digits)
    point = "," if language == "ru" else "."
    figures = format_number(units, language) + (f"{point}{rest:0{digits}}" if rest else "")
    sign = _MINUS if amount < 0 else ""
    symbol = symbol_of(currency)
    if language == "ru":
        return f"{sign}{figures}{_SPACE}{symbol or currency}"
    return f"{sign}{symbol}{figures}" if symbol else f"{sign}{currency}{_SPACE}{figures}"


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
