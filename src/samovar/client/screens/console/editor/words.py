"""What a page is found by: genres, tags, platforms, languages, and the age mark with its reasons."""

from collections.abc import Callable, Sequence

import flet as ft

from samovar.client.api.catalog import Named
from samovar.client.components import texts
from samovar.client.components.fields import field_error, select
from samovar.client.components.identify import whole
from samovar.client.components.panels import chip, panel
from samovar.client.hooks import use_session
from samovar.client.session import Session
from samovar.client.state.console.editing import SPEAKS, Editing
from samovar.client.theme.tokens import Colours, Radius, Sizes, Space

PLATFORMS = ("windows", "macos", "linux", "android", "ios", "web")
SPOKEN = ("ru", "en", "de", "fr", "es", "it", "pl", "pt-BR", "tr", "kk", "zh-Hans", "ja", "ko")
DESCRIPTORS = (
    "violence", "blood", "fear", "language", "alcohol_and_tobacco", "drugs", "gambling", "nudity",
    "sexual_content", "discrimination", "purchases", "online_chat",
)  # fmt: skip
AGES = ("0", "6", "12", "16", "18")
_TAGS_SHOWN = 24
_TAGS_MAX, _GENRES_MAX = 30, 20

Draw = Callable[[], None]


def words_part(
    session: Session, editing: Editing, genres: Sequence[Named], tags: Sequence[Named], draw: Draw
) -> ft.Control:
    """Return the choices of what a page is found by."""
    words = session.words
    parts: list[ft.Control] = [
        _chosen_of(
            session,
            editing,
            "genres",
            [(one.slug, one.name) for one in genres],
            draw,
            rule=words("editor.genres.rule"),
        ),
        Tags(editing, tags, draw),
        _chosen_of(
            session, editing, "platforms", [(one, words(f"game.platform.{one}")) for one in PLATFORMS], draw
        ),
        _languages(session, editing, draw),
        _age(session, editing, draw),
    ]
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _chosen_of(
    session: Session,
    editing: Editing,
    name: str,
    options: Sequence[tuple[str, str]],
    draw: Draw,
    *,
    rule: str | None = None,
) -> ft.Control:
    rows: list[ft.Control] = [_chips(editing, name, options, draw)]
    if error := editing.form.errors.get(name):
        rows.append(field_error(f"editor.{name}.error", error))
    if rule:
        rows.insert(0, texts.caption(rule))
    return panel(*rows, title=session.words(f"editor.{name}"))


def _chips(editing: Editing, name: str, options: Sequence[tuple[str, str]], draw: Draw) -> ft.Control:
    def choose(value: str) -> Callable[[], None]:
        def chosen() -> None:
            editing.toggle(name, value)
            draw()

        return chosen

    chips = [
        chip(f"editor.{name}.{value}", text, choose(value), selected=value in editing.lists[name])
        for value, text in options
    ]
    return ft.Row(list(chips), spacing=Space.S, wrap=True, run_spacing=Space.S)


@ft.component
def Tags(editing: Editing, tags: Sequence[Named], draw: Draw) -> ft.Control:
    """Choose tags: there are hundreds, so those that are chosen stand first, the others are looked for by letters."""
    session = use_session()
    words = session.words
    typed, set_typed = ft.use_state("")
    looked_for = typed.strip().casefold()
    names = {one.slug: one.name for one in tags}
    chosen = editing.lists["tags"]
    found = [
        (one.slug, one.name) for one in tags if one.slug not in chosen and looked_for in one.name.casefold()
    ]
    field = ft.TextField(
        # Drawn anew without it, the field would be empty.
        value=typed,
        hint_text=words("editor.tags.look"),
        hint_style=ft.TextStyle(size=Sizes.BODY, color=Colours.TEXT3),
        prefix_icon=ft.Icons.SEARCH_ROUNDED,
        text_size=Sizes.BODY,
        border_color=Colours.CONTROL_LINE,
        border_radius=Radius.CARD,
        dense=True,
        focused_border_color=Colours.ACCENT,
        on_change=lambda event: set_typed(str(event.control.value or "")),
    )
    rows: list[ft.Control] = [texts.caption(words("editor.tags.rule"))]
    if chosen:
        rows.append(_chips(editing, "tags", [(one, names.get(one, one)) for one in chosen], draw))
    rows.append(whole("editor.tags.look", field, label=words("editor.tags.look")))
    if found:
        rows.append(_chips(editing, "tags", found[:_TAGS_SHOWN], draw))
    elif looked_for:
        rows.append(texts.caption(words("editor.tags.none.text")))
    if len(found) > _TAGS_SHOWN:
        rows.append(texts.caption(words("editor.tags.more", count=len(found) - _TAGS_SHOWN)))
    if error := editing.form.errors.get("tags"):
        rows.append(field_error("editor.tags.error", error))
    return panel(*rows, title=words("editor.tags"))


def _languages(session: Session, editing: Editing, draw: Draw) -> ft.Control:
    words = session.words

    def speak(code: str, part: str | None = None) -> Callable[[], None]:
        def chosen() -> None:
            editing.speak(code, part)
            draw()

        return chosen

    codes = list(dict.fromkeys([*SPOKEN, *editing.speaks]))
    chips = [
        chip(f"editor.speaks.{code}", _language(session, code), speak(code), selected=code in editing.speaks)
        for code in codes
    ]
    rows: list[ft.Control] = [ft.Row(list(chips), spacing=Space.S, wrap=True, run_spacing=Space.S)]
    for code, parts in editing.speaks.items():
        how = [
            chip(
                f"editor.speaks.{code}.{part}",
                words(f"game.speaks.{part}"),
                speak(code, part),
                selected=parts[part],
            )
            for part in SPEAKS
        ]
        rows.append(
            ft.Row(
                [ft.Container(texts.body(_language(session, code)), width=130), *how],
                spacing=Space.S,
                wrap=True,
                run_spacing=Space.S,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            )
        )
    return panel(*rows, title=words("editor.languages"))


def _language(session: Session, code: str) -> str:
    key = f"game.language.{code}"
    return session.words(key) if session.words.has(key) else code


def _age(session: Session, editing: Editing, draw: Draw) -> ft.Control:
    words = session.words
    rating = select(
        "editor.age",
        words("editor.age.rating"),
        [(one, f"{one}+") for one in AGES],
        editing.form.values.get("age.rating") or AGES[0],
        lambda chosen: editing.form.write("age.rating", chosen),
        width=160,
    )
    reasons = _chips(editing, "descriptors", [(one, words(f"game.age.{one}")) for one in DESCRIPTORS], draw)
    return panel(rating, texts.caption(words("editor.age.rule")), reasons, title=words("editor.age"))
