"""Templates of HTML, filled with values and with sentences of the message catalogue, everything escaped.

    Template("game", source).fill(catalogue, "ru", {"title": "Ветер"})

They are a part of Mustache, mustache(5):

    {{name}}                    a value, escaped
    {{#name}} … {{/name}}       once when the value is true or a text, once for each item of a list
    {{^name}} … {{/name}}       when the value is false, empty or none
    {{@page.sign_in.title}}     a sentence, its parameters taken from the values, escaped
    {{&name}}                   markup as it stands: only in a layout, whose caller has made it

A value that a template names must be given: a hole is an error, never an empty place.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import msgspec

from samovar.kit.i18n import Catalogue, Language

_TAG = re.compile(r"\{\{([#^/@&]?)([a-z][a-z0-9_.]*)\}\}")

Values = Mapping[str, Any]


class TemplateError(Exception):
    """A template is wrong, or is not given a value that it names: a defect of ours."""


class _Text(msgspec.Struct, frozen=True):
    """Markup as it stands."""

    markup: str


class _Value(msgspec.Struct, frozen=True):
    """The place of a value; `is_markup` for one that a layout gets, which was made by its caller."""

    name: str
    is_markup: bool


class _Sentence(msgspec.Struct, frozen=True):
    """The place of a sentence."""

    key: str


class _Section(msgspec.Struct, frozen=True):
    """A part that stands there or not, or many times."""

    name: str
    when_empty: bool
    parts: "tuple[_Part, ...]"


_Part = _Text | _Value | _Sentence | _Section


class Template:
    """One file, taken apart.

    Args:
        name: For errors.
        source: The file.
        holds_markup: It is a layout.

    Raises:
        TemplateError: It is wrong.
    """

    def __init__(self, name: str, source: str, *, holds_markup: bool = False) -> None:
        self._name = name
        self._holds_markup = holds_markup
        tokens = list(_TAG.split(source))
        self.parts, rest = self._parse(tokens, None)
        if rest:
            raise TemplateError(f"{name}: a section ends that never began")

    def sentences(self) -> Iterator[str]:
        """Yield the keys of all sentences."""
        waiting = list(self.parts)
        while waiting:
            part = waiting.pop()
            if isinstance(part, _Sentence):
                yield part.key
            elif isinstance(part, _Section):
                waiting += part.parts

    def fill(self, catalogue: Catalogue, language: Language, values: Values) -> str:
        """Return the markup with its values.

        Raises:
            TemplateError: A value is missing.
        """
        return "".join(self._filled(self.parts, catalogue, language, (values,)))

    def _parse(self, tokens: list[str], inside: str | None) -> tuple[tuple[_Part, ...], list[str]]:
        """Return the parts up to the end of the section `inside`, and the tokens behind it."""
        parts: list[_Part] = []
        while tokens:
            parts.append(_Text(tokens.pop(0)))
            if not tokens:
                break
            sign, name = tokens.pop(0), tokens.pop(0)
            match sign:
                case "#" | "^":
                    inner, tokens = self._parse(tokens, name)
                    parts.append(_Section(name, when_empty=sign == "^", parts=inner))
                case "/":
                    if name != inside:
                        raise TemplateError(f"{self._name}: {name} ends inside {inside}")
                    return tuple(parts), tokens
                case "@":
                    parts.append(_Sentence(name))
                case _:
                    if sign == "&" and not self._holds_markup:
                        raise TemplateError(f"{self._name}: only the layout holds markup: {name}")
                    parts.append(_Value(name, is_markup=sign == "&"))
        if inside:
            raise TemplateError(f"{self._name}: the section {inside} never ends")
        return tuple(parts), []

    def _filled(
        self, parts: Sequence[_Part], catalogue: Catalogue, language: Language, scopes: tuple[Values, ...]
    ) -> Iterator[str]:
        for part in parts:
            match part:
                case _Text(markup):
                    yield markup
                case _Value(name, is_markup):
                    text = str(self._found(name, scopes))
                    yield text if is_markup else escape(text)
                case _Sentence(key):
                    known: dict[str, Any] = {}
                    for scope in scopes:
                        known |= scope
                    yield escape(catalogue.text(key, language, **known))
                case _Section(name, when_empty, inner):
                    value = self._found(name, scopes)
                    for scope in _turns(value, when_empty=when_empty):
                        yield from self._filled(inner, catalogue, language, (*scopes, scope))

    def _found(self, name: str, scopes: tuple[Values, ...]) -> Any:
        for scope in reversed(scopes):
            if name in scope:
                return scope[name]
        raise TemplateError(f"{self._name}: {name} is not given")


def _turns(value: Any, *, when_empty: bool) -> Sequence[Values]:
    """Return the values of each turn of a section."""
    if when_empty:
        return () if value else ({},)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value
    return ({},) if value else ()
