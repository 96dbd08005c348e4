"""Pages for people: templates of HTML, filled with sentences of the message catalogue, everything escaped.

    pages.render("sign_in", client.language, status=422, form=token, login="", error="…")

A page is `templates/<name>.html` inside `templates/layout.html`; `kit/text/templates` says what may stand in them. Every page has the
title `page.<name>.title`.
No page needs a script, and one that has one works without it; none loads anything from another origin, and none can be put into another site's frame.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from samovar.kit.errors import FieldError, SamovarError
from samovar.kit.i18n import LANGUAGES, Catalogue, Language
from samovar.kit.rest.answers import Answer
from samovar.kit.text.templates import Template, TemplateError

HTML = "text/html; charset=utf-8"
LAYOUT = "layout"

_INLINE = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Addresses of these pages hold one-time secrets; a form's own origin must stay visible to us.
    "Referrer-Policy": "same-origin",
}


class _Page:
    """A template, and the styles and scripts that stand in it."""

    def __init__(self, name: str, source: str) -> None:
        self.template = Template(name, source, holds_markup=name == LAYOUT)
        self.styles = [text for kind, text in _INLINE.findall(source) if kind == "style"]
        self.scripts = [text for kind, text in _INLINE.findall(source) if kind == "script"]


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
        self._pages = {
            file.name.removesuffix(".html"): _Page(
                file.name.removesuffix(".html"),
                file.read_text("utf-8").replace("<style></style>", f"<style>{style}</style>"),
            )
            for file in folder.iterdir()
            if file.name.endswith(".html")
        }
        for name, page in self._pages.items():
            titles = [f"page.{name}.title"] if name != LAYOUT else []
            for key in [*page.template.sentences(), *titles]:
                if any(key not in catalogue.messages[language] for language in LANGUAGES):
                    raise TemplateError(f"{name}: the sentence {key} is missing")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all pages."""
        return tuple(sorted(self._pages.keys() - {LAYOUT}))

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
        page, layout = self._pages[name], self._pages[LAYOUT]
        content = page.template.fill(self._catalogue, language, values)
        title = title or self._catalogue.text(f"page.{name}.title", language, **values)
        whole = layout.template.fill(
            self._catalogue, language, {"content": content, "title": title, "language": language}
        )
        policy = _policy(layout.styles, page.scripts, leads_to)
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
