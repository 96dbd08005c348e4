"""Sentences from a message catalogue, in Russian first and English second.

A catalogue is a folder with `ru.toml` and `en.toml`. Keys are stable ids, here `request.not_found.title`; a value is a
sentence with `{parameters}`, or a table of plural forms chosen by the parameter `count`:

    ["request.not_found"]
    title = "Не найдено"

    ["library.games"]
    one = "{count} игра"
    few = "{count} игры"
    many = "{count} игр"

A sentence that is missing never breaks an answer: the other language speaks, or at last the key itself, and the log says
so. `kit.i18n.missing` finds such holes before a release does.
"""

import logging
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any, Self

from samovar.language.formats import (
    LANGUAGES,
    Language,
    PluralForm,
    format_date,
    format_number,
    plural_form,
)

REPORTED_MAX = 1_000

# The forms that whole numbers take: https://cldr.unicode.org/index/cldr-spec/plural-rules. Russian `other` is for fractions.
_PLURAL_FORMS: dict[str, tuple[PluralForm, ...]] = {"ru": ("one", "few", "many"), "en": ("one", "other")}
_PLURAL_NAMES = {"one", "few", "many", "other"}
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")

log = logging.getLogger(__name__)


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

    def fill(
        self, language: Language, params: Mapping[str, Any], shown: Callable[[Any, Language], str]
    ) -> str:
        """Return the sentence with its parameters, each as `shown` writes it; one that is not given stays as `{name}`."""
        if "" in self.forms:
            text = self.forms[""]
        else:
            count = params.get("count")
            text = self.forms[plural_form(count if isinstance(count, int) else 0, language)]
        return _PLACE.sub(
            lambda place: shown(params[place[1]], language) if place[1] in params else place[0], text
        )


class Catalogue:
    """All sentences of a process, in every language."""

    def __init__(self, messages: Mapping[Language, Mapping[str, Message]]) -> None:
        self.messages = messages
        self._reported: set[tuple[str, str]] = set()

    @classmethod
    def load(cls, folders: Iterable[Traversable]) -> Self:
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
        """Return the sentence for `key`; in the other language, or at last the key itself, where it is missing."""
        preferred: Language = "en" if language == "en" else "ru"
        for candidate in (preferred, *LANGUAGES):
            message = self.messages[candidate].get(key)
            if message is None:
                self._report(key, candidate)
                continue
            if not message.parameters <= params.keys():
                self._report(key, candidate, absent=sorted(message.parameters - params.keys()))
            return message.fill(candidate, params, self.shown)
        return key

    def shown(self, value: Any, language: Language) -> str:
        """Return a parameter as the language writes it."""
        if isinstance(value, int | float | Decimal):
            return format_number(value, language, digits=0 if isinstance(value, int) else 2)
        return format_date(value, language) if isinstance(value, date) else str(value)

    def _report(self, key: str, language: Language, absent: list[str] | None = None) -> None:
        """Log a hole once, not at every request that falls into it."""
        if (key, language) in self._reported or len(self._reported) >= REPORTED_MAX:
            return
        self._reported.add((key, language))
        self.warn(key, language, absent or [])

    def warn(self, key: str, language: Language, absent: list[str]) -> None:
        """Log a hole; no `absent` parameters means that the whole sentence is."""
        log.warning("sentence is incomplete: %s in %s lacks %s", key, language, absent or "all")


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
