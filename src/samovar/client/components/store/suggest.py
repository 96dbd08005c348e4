"""The field of the search, with what somebody who types may mean under it."""

import asyncio
from collections.abc import Callable
from functools import partial

import flet as ft

from samovar.client.api.catalog import Catalog, Suggestion, Suggestions
from samovar.client.components import texts
from samovar.client.components.games import capsule
from samovar.client.components.identify import whole
from samovar.client.components.panels import pressable
from samovar.client.components.prices import price_tag
from samovar.client.hooks import use_session
from samovar.client.session import Session, focus
from samovar.client.theme.tokens import Colours, Radius, Sizes, Space
from samovar.sdk.errors import SdkError

# People who type do not want an answer to each letter.
PAUSE_S = 0.2
# A browser puts together a screen a moment after it was sent, and loses the keyboard's place while it describes it.
ARRIVED_S = 0.4
LEAST = 2
LENGTH_MAX = 100
_ICONS = {"tag": ft.Icons.SELL_OUTLINED, "creator": ft.Icons.GROUPS_OUTLINED}
_PARAMETERS = {"tag": "tag", "creator": "creator"}


@ft.component
def SearchField(text: str, search: Callable[[str], None], *, is_settled: bool) -> ft.Control:
    """Show the field; `search` is called with the words when Enter is pressed.

    Args:
        text: What is looked for already.
        search: As above.
        is_settled: The screen around it is not about to change.
    """
    session = use_session()
    typed, set_typed = ft.use_state(text)
    found, set_found = ft.use_state(Suggestions())

    async def suggest() -> None:
        if len(typed.strip()) < LEAST or typed.strip() == text:
            set_found(Suggestions())
            return
        await asyncio.sleep(PAUSE_S)
        calls = session.player if session.account.is_player else session.stranger
        try:
            set_found(await Catalog(calls).suggest(typed.strip()))
        except SdkError:
            # Without suggestions the search still works; that the platform is away the strip says.
            set_found(Suggestions())

    ft.use_effect(suggest, [typed])

    def go(one: Suggestion) -> None:
        set_found(Suggestions())
        if one.kind in _PARAMETERS:
            session.go(f"/search?{_PARAMETERS[one.kind]}={one.slug}")
        else:
            session.go(f"/game/{one.slug}")

    def submit(value: str) -> None:
        set_found(Suggestions())
        search(value.strip())

    words = session.words
    field = ft.TextField(
        value=typed,
        hint_text=words("search.hint"),
        hint_style=ft.TextStyle(size=Sizes.LEAD, color=Colours.TEXT3),
        prefix_icon=ft.Icons.SEARCH_ROUNDED,
        text_size=Sizes.LEAD,
        max_length=LENGTH_MAX,
        counter="",
        filled=True,
        fill_color=Colours.SURFACE1,
        hover_color=Colours.SURFACE2,
        border_color=Colours.CONTROL_LINE,
        focused_border_color=Colours.ACCENT,
        border_radius=Radius.CARD,
        content_padding=ft.Padding.symmetric(horizontal=Space.L, vertical=14),
        on_change=lambda event: set_typed(str(event.control.value or "")),
        on_submit=lambda event: submit(str(event.control.value or "")),
    )
    session.searching_field = field

    ft.use_effect(partial(_arrive, session, field, is_settled), [is_settled])
    parts: list[ft.Control] = [whole("search.field", field, label=words("shell.search"))]
    if found.items:
        parts.append(_list(session, found, go))
    return ft.Column(parts, spacing=Space.XS, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _arrive(session: Session, field: ft.TextField, is_settled: bool) -> None:  # noqa: FBT001  Given by `partial`.
    """Let the keyboard of whoever was on the way to the field stand in it. While the screen comes, the browser would lose it again."""
    if session.is_seeking and is_settled:
        session.is_seeking = False
        session.later(_stand_in(field))


async def _stand_in(field: ft.TextField) -> None:
    await asyncio.sleep(ARRIVED_S)
    await focus(field)


def _list(session: Session, found: Suggestions, go: Callable[[Suggestion], None]) -> ft.Control:
    rows: list[ft.Control] = [
        pressable(
            f"search.suggestion.{index}",
            _suggestion(session, one),
            partial(go, one),
            padding=ft.Padding.symmetric(horizontal=Space.M, vertical=6),
            back=Colours.SURFACE2,
        )
        for index, one in enumerate(found.items)
    ]
    if found.corrected_to:
        rows.insert(0, texts.caption(session.words("search.corrected", words=found.corrected_to)))
    return ft.Container(
        ft.Column(rows, spacing=2, tight=True),
        bgcolor=Colours.SURFACE2,
        border_radius=Radius.CARD,
        padding=Space.S,
    )


def _suggestion(session: Session, one: Suggestion) -> ft.Control:
    if one.item is None:
        icon = ft.Container(
            ft.Icon(_ICONS.get(one.kind, ft.Icons.SEARCH_ROUNDED), size=18, color=Colours.TEXT3),
            width=64,
            height=37,
            alignment=ft.Alignment.CENTER,
        )
        kind = session.words(f"search.kind.{one.kind}") if one.kind in _ICONS else ""
        return ft.Row([icon, ft.Container(texts.body(one.name, lines=1), expand=True), texts.caption(kind)])
    art = ft.Container(
        capsule(one.item.capsule_url, one.name),
        width=64,
        border_radius=Radius.BADGE,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
    return ft.Row(
        [
            art,
            ft.Container(texts.body(one.name, lines=1), expand=True),
            price_tag(one.item.price, session.words),
        ],
        spacing=Space.M,
    )
