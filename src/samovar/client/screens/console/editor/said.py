"""What a page says: titles and descriptions in Russian and English, the release, the website."""

import flet as ft

from samovar.client.components import texts
from samovar.client.components.fields import form_column, select, text_field
from samovar.client.components.panels import panel
from samovar.client.session import Session
from samovar.client.state.console.editing import LANGUAGES, Editing
from samovar.client.theme.tokens import Space

_STAGES = ("coming_soon", "early_access", "released")
_TITLE_MAX, _SHORT_MAX, _DESCRIPTION_MAX, _PROMISE_MAX, _WEBSITE_MAX = 200, 300, 20_000, 100, 300
_DESCRIPTION_LINES = 10


def texts_part(session: Session, editing: Editing) -> ft.Control:
    """Return the fields of what a page says."""
    words = session.words
    parts: list[ft.Control] = [
        panel(
            text_field(
                "editor.title",
                editing.form,
                "title",
                words("editor.title"),
                helper=words("editor.title.rule"),
                length_max=_TITLE_MAX,
            ),
            title=words("editor.names"),
        )
    ]
    parts += [_language(session, editing, one) for one in LANGUAGES]
    parts.append(_release(session, editing))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _language(session: Session, editing: Editing, language: str) -> ft.Control:
    words = session.words
    form = editing.form

    def name(field: str) -> str:
        return f"editor.{language}.{field}"

    def at(field: str) -> str:
        return f"texts.{language}.{field}"

    return panel(
        form_column(
            text_field(
                name("title"),
                form,
                at("title"),
                words("editor.title_here"),
                helper=words("editor.title_here.rule"),
                length_max=_TITLE_MAX,
            ),
            text_field(
                name("short"),
                form,
                at("short_description"),
                words("editor.short"),
                helper=words("editor.short.rule"),
                length_max=_SHORT_MAX,
                lines=3,
            ),
            text_field(
                name("description"),
                form,
                at("description"),
                words("editor.description"),
                helper=words("editor.description.rule"),
                length_max=_DESCRIPTION_MAX,
                lines=_DESCRIPTION_LINES,
            ),
        ),
        title=words(f"editor.in.{language}"),
    )


def _release(session: Session, editing: Editing) -> ft.Control:
    words = session.words
    form = editing.form
    stage = select(
        "editor.stage",
        words("editor.stage"),
        [(one, words(f"editor.stage.{one}")) for one in _STAGES],
        form.values.get("release.stage") or _STAGES[0],
        lambda chosen: form.write("release.stage", chosen),
        width=300,
    )
    return panel(
        form_column(
            stage,
            text_field(
                "editor.on",
                form,
                "release.on",
                words("editor.on"),
                hint="01.12.2026",
                helper=words("editor.on.rule"),
                length_max=10,
            ),
            text_field(
                "editor.promise.ru",
                form,
                "release.promise.ru",
                words("editor.promise.ru"),
                hint=words("editor.promise.hint"),
                length_max=_PROMISE_MAX,
            ),
            text_field(
                "editor.promise.en",
                form,
                "release.promise.en",
                words("editor.promise.en"),
                length_max=_PROMISE_MAX,
            ),
            text_field(
                "editor.website",
                form,
                "website",
                words("editor.website"),
                hint="https://",
                length_max=_WEBSITE_MAX,
                keyboard=ft.KeyboardType.URL,
            ),
        ),
        texts.caption(words("editor.release.rule")),
        title=words("editor.release"),
    )
