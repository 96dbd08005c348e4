"""Pages for people: templates of HTML, filled with sentences of the message catalogue, everything escaped.

    pages.render("sign_in", client.language, status=422, form=token, login="", error="…")

A page is `templates/<name>.html` inside `templates/layout.html`. The templates are a part of Mustache, mustache(5):

    {{name}}                    a value, escaped
    {{#name}} … {{/name}}       once when the value is true or a text, once for each item of a list
    {{^name}} … {{/name}}       when the value is false, empty or none
    {{@page.sign_in.title}}     a sentence, its parameters taken from the values, escaped

Every page has the title `page.<name>.title`. A value that a template names must be given: a hole is an error, never an empty place.
No page needs a script, and one that has one works without it; none loads anything from another origin, and none can be put into another site's frame.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib import resources
from typing import Any

import msgspec

from samovar.kit.errors import FieldError, SamovarError
from samovar.kit.i18n import LANGUAGES, Catalogue, Language
from samovar.kit.rest.answers import Answer

HTML = "text/html; charset=utf-8"
LAYOUT = "layout"

_TAG = re.compile(r"\{\{([#^/@&]?)([a-z][a-z0-9_.]*)\}\}")
_INLINE = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Addresses of these pages hold one-time secrets; a form's own origin must stay visible to us.
    "Referrer-Policy": "same-origin",
}

Values = Mapping[str, Any]


class TemplateError(Exception):
    """A template is wrong, or is not given a value that it names: a defect of ours."""


class _Text(msgspec.Struct, frozen=True):
    """Markup as it stands."""

    markup: str


class _Value(msgspec.Struct, frozen=True):
    """The place of a value; `is_markup` for the one that the layout gets, which was rendered here."""

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


class _Template:
    """One file, taken apart."""

    def __init__(self, name: str, source: str) -> None:
        self._name = name
        tokens = list(_TAG.split(source))
        self.parts, rest = self._parse(tokens, None)
        if rest:
            raise TemplateError(f"{name}: a section ends that never began")
        self.styles = [text for kind, text in _INLINE.findall(source) if kind == "style"]
        self.scripts = [text for kind, text in _INLINE.findall(source) if kind == "script"]

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
                    if sign == "&" and self._name != LAYOUT:
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


class Pages:
    """All pages of auth, read once.

    Args:
        catalogue: The sentences.

    Raises:
        TemplateError: A template is wrong, or names a sentence that some language lacks.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        folder = resources.files(__package__) / "templates"
        style = (folder / "style.css").read_text("utf-8")
        self._templates = {
            file.name.removesuffix(".html"): _Template(
                file.name.removesuffix(".html"),
                file.read_text("utf-8").replace("<style></style>", f"<style>{style}</style>"),
            )
            for file in folder.iterdir()
            if file.name.endswith(".html")
        }
        for name, template in self._templates.items():
            titles = [f"page.{name}.title"] if name != LAYOUT else []
            for key in [*template.sentences(), *titles]:
                if any(key not in catalogue.messages[language] for language in LANGUAGES):
                    raise TemplateError(f"{name}: the sentence {key} is missing")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all pages."""
        return tuple(sorted(self._templates.keys() - {LAYOUT}))

    def render(
        self,
        name: str,
        language: Language,
        *,
        title: str | None = None,
        status: int = 200,
        leads_to: Sequence[str] = (),
        cookies: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Answer:
        """Return a page.

        Args:
            name: Of its template.
            language: Of whoever reads it.
            title: Instead of the page's own.
            status: The HTTP status.
            leads_to: Other origins, `https://game.example`, and schemes, `com.example.game:`, where an answer to one of the page's
                forms may send the browser. Browsers hold redirects against `form-action` as well (CSP 3).
            cookies: `Set-Cookie` values.
            headers: Further headers.
            values: What the template names: texts, numbers, truths, and lists of such mappings.

        Raises:
            TemplateError: The template names a value that is not given.
        """
        template, layout = self._templates[name], self._templates[LAYOUT]
        content = template.fill(self._catalogue, language, values)
        title = title or self._catalogue.text(f"page.{name}.title", language, **values)
        whole = layout.fill(
            self._catalogue, language, {"content": content, "title": title, "language": language}
        )
        policy = _policy(layout.styles, template.scripts, leads_to)
        return Answer(
            whole.encode(),
            status=status,
            media_type=HTML,
            headers={**_HEADERS, "Content-Security-Policy": policy, **(headers or {})},
            cookies=cookies,
        )

    def problem(
        self, error: SamovarError, language: Language, *, trace_id: str, cookies: tuple[str, ...] = ()
    ) -> Answer:
        """Return the page that says what went wrong, and leads nowhere."""
        return self.render(
            "message",
            language,
            title=self._catalogue.text(f"{error.code}.title", language, **error.params),
            status=error.http_status,
            cookies=cookies,
            is_fault=True,
            text=self.sentence(error, language),
            trace_id=trace_id,
            link=None,
        )

    def fault(self, field: FieldError, language: Language) -> str:
        """Return what to say of a field that breaks a rule."""
        return self._catalogue.text(f"field.{field.code}", language, limit=field.limit or "")

    def words(self, key: str, language: Language, **parameters: Any) -> str:
        """Return a sentence of the catalogue, to be put into a page."""
        return self._catalogue.text(key, language, **parameters)

    def sentence(self, error: SamovarError, language: Language) -> str:
        """Return what to say of an error on a page that goes on."""
        return self._catalogue.text(f"{error.code}.detail", language, **error.params)


def _policy(styles: Sequence[str], scripts: Sequence[str], leads_to: Sequence[str]) -> str:
    """Return the content security policy (CSP 3): nothing but what stands in the page itself."""
    rules = {
        "default-src": "'none'",
        "style-src": " ".join(_hash(text) for text in styles),
        "img-src": "data:",
        "form-action": " ".join(("'self'", *leads_to)),
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    if scripts:
        rules["script-src"] = " ".join(_hash(text) for text in scripts)
    if any("fetch(" in text for text in scripts):
        rules["connect-src"] = "'self'"
    return "; ".join(f"{rule} {value}" for rule, value in rules.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
