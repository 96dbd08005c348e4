"""Settings: the language."""

import flet as ft

from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.panels import panel
from samovar.client.components.people.tabs import settings_tabs
from samovar.client.components.shell import screen
from samovar.client.hooks import use_session
from samovar.client.theme.tokens import Grid, Space
from samovar.language.formats import LANGUAGES, Language

_NAMES: dict[Language, str] = {"ru": "Русский", "en": "English"}


@ft.component
def LanguageSettings() -> ft.Control:
    """Show the choice of language."""
    session = use_session()
    words = session.words

    def choice(language: Language) -> ft.Control:
        chosen = language == words.language
        return button(
            f"language.{language}",
            _NAMES[language],
            lambda: session.set_language(language),
            kind="primary" if chosen else "secondary",
            icon=ft.Icons.CHECK_ROUNDED if chosen else None,
        )

    return screen(
        session,
        texts.page_title(words("settings.title")),
        settings_tabs(session, "language"),
        panel(
            texts.muted(words("language.detail")),
            ft.Row([choice(one) for one in LANGUAGES], spacing=Space.M, wrap=True),
            title=words("language.title"),
        ),
        width=Grid.READING,
    )
