"""Words, numbers, sums, sizes and dates of one session, in its language."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
from importlib import resources
from typing import Any

from samovar.language.catalogue import Catalogue
from samovar.language.formats import (
    Language,
    format_amount,
    format_date,
    format_moment,
    format_number,
    format_size,
)

MINUS = "\u2212"
_MINUTE_S, _HOUR_S = 60, 3_600
# Until a browser tells its zone: most players live by it.
MOSCOW = timezone(timedelta(hours=3))


def catalogue() -> Catalogue:
    """Return all sentences of the client."""
    client = resources.files("samovar.client")
    return Catalogue.load([client / "locale", client / "screens" / "console" / "locale"])


class Words:
    """What a person of one language reads.

    Args:
        sentences: All of the client.
        language: Whose.
        zone: Whose clock.
    """

    def __init__(self, sentences: Catalogue, language: Language, zone: tzinfo = MOSCOW) -> None:
        self._sentences = sentences
        self.language: Language = language
        self._zone = zone

    def __call__(self, key: str, /, **params: Any) -> str:
        """Return the sentence of a key; `count` chooses the plural form."""
        return self._sentences.text(key, self.language, **params)

    def has(self, key: str) -> bool:
        """Return whether there is a sentence of this key."""
        return key in self._sentences

    def money(self, sum_: Mapping[str, Any]) -> str:
        """Return a sum as the API writes it, `{"amount": 129900, "currency": "RUB"}`, as people do: `1 299 ₽`."""
        return format_amount(int(sum_["amount"]), str(sum_["currency"]), self.language)

    def number(self, value: float, *, digits: int = 0) -> str:
        """Return a number: `1 299,5`."""
        return format_number(value, self.language, digits=digits)

    def size(self, size_bytes: int) -> str:
        """Return an amount of data: `38,2 ГБ`."""
        return format_size(size_bytes, self.language)

    def speed(self, bytes_per_s: int) -> str:
        """Return a speed: `52 МБ/с`."""
        return self("format.speed", size=self.size(bytes_per_s))

    def discount(self, percent: int) -> str:
        """Return a discount: `−35 %`, `−35%`."""
        return f"{MINUS}{percent}" + ("\u00a0%" if self.language == "ru" else "%")

    def day(self, moment: date) -> str:
        """Return a day, or that of a moment by the reader's clock: `23 ноября 2026`."""
        there = moment.astimezone(self._zone).date() if isinstance(moment, datetime) else moment
        return format_date(there, self.language)

    def moment(self, moment: datetime) -> str:
        """Return a moment: `23 ноября 2026, 15:04`."""
        return format_moment(moment, self.language, self._zone)

    def left(self, seconds: float) -> str:
        """Return how long something still takes: `осталось 7 мин`."""
        if seconds < _MINUTE_S:
            return self("format.left_seconds", count=max(1, round(seconds)))
        if seconds < _HOUR_S:
            return self("format.left_minutes", count=round(seconds / _MINUTE_S))
        return self("format.left_hours", count=round(seconds / _HOUR_S))
