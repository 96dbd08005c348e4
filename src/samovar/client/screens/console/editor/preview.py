"""What players would see of a page while it is edited, made of what the page of a game is made of."""

from collections.abc import Mapping

import flet as ft

from samovar.client.components import texts
from samovar.client.components.games import capsule
from samovar.client.components.panels import badge, chip, panel
from samovar.client.components.store.gallery import Gallery, pictures_of
from samovar.client.components.store.marks import age_mark, platform_marks
from samovar.client.hooks import use_session, watch
from samovar.client.screens.console.editor.settling import use_settled
from samovar.client.screens.game.about import description, languages, requirements
from samovar.client.session import Session
from samovar.client.state.console.editing import LANGUAGES, Editing
from samovar.client.state.console.preview import preview_of
from samovar.client.theme.tokens import Colours, Radius, Space

_TAGS_MAX = 10
_CARD_WIDTH = 236


@ft.component
def Preview(editing: Editing, genres: Mapping[str, str], tags: Mapping[str, str]) -> ft.Control:
    """Show the page as it would be; drawn anew a moment after the last letter."""
    session = use_session()
    watch(session.window)
    words = session.words
    use_settled(editing)
    language, set_language = ft.use_state(session.words.language)
    game = preview_of(editing.document(), language, genres=genres, tags=tags)
    pictures = pictures_of(game.media)
    choice = ft.Row(
        [
            chip(
                f"preview.{one}",
                words(f"preview.{one}"),
                lambda one=one: set_language(one),  # type: ignore[misc]
                selected=one == language,
            )
            for one in LANGUAGES
        ],
        spacing=Space.XS,
        tight=True,
    )
    line: list[ft.Control] = [age_mark(game.age_rating), platform_marks(game.platforms)]
    line += [badge(one.name) for one in game.genres[:3]]
    body: list[ft.Control] = [
        texts.page_title(game.title or words("preview.untitled")),
        ft.Row(line, spacing=Space.M, wrap=True, run_spacing=Space.S),
    ]
    if pictures:
        # Other pictures are another gallery: its place in the old one means nothing there.
        body.append(ft.Container(Gallery(pictures), key="-".join(one.url[-8:] for one in pictures)))
    if game.short_description:
        body.append(texts.body(game.short_description, color=Colours.TEXT2))
    if game.tags:
        marks = [chip(f"preview.tag.{one.slug}", one.name) for one in game.tags[:_TAGS_MAX]]
        body.append(ft.Row(list(marks), spacing=Space.S, wrap=True, run_spacing=Space.S))
    if game.description:
        body.append(description(session, game))
    body += requirements(session, game)
    body += languages(session, game)
    body.append(_card(session, game.title, game.capsule_url))
    return ft.Container(
        ft.Column(
            [
                ft.Row(
                    [texts.section_title(words("preview.title")), choice],
                    alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                    wrap=True,
                    run_spacing=Space.S,
                ),
                *body,
            ],
            spacing=Space.L,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        border=ft.Border.all(1, Colours.SURFACE3),
        border_radius=Radius.PANEL,
        padding=Space.L,
    )


def _card(session: Session, title: str, capsule_url: str | None) -> ft.Control:
    """Return how the game stands in lists."""
    art = ft.Container(
        capsule(capsule_url, title),
        width=_CARD_WIDTH,
        border_radius=Radius.CARD,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
    return panel(
        ft.Column([art, texts.strong(title, lines=1)], spacing=Space.S, tight=True, width=_CARD_WIDTH),
        title=session.words("preview.card"),
    )
