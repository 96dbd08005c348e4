"""The field of the search, and what somebody who types may mean under it."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import flet as ft
import msgspec

from samovar.client.api.catalog import Catalog, Suggestion, Suggestions
from samovar.client.components import texts
from samovar.client.components.games import capsule
from samovar.client.components.identify import whole
from samovar.client.components.panels import pressable
from samovar.client.components.prices import price_tag
from samovar.client.hooks import use_session, watch
from samovar.client.session import Session, focus
from samovar.client.state.store.search import Filters
from samovar.client.theme.tokens import Colours, Radius, Sizes, Space
from samovar.sdk.errors import SdkError

# People who type do not want an answer to each letter.
PAUSE_S = 0.2
# A browser puts together a screen a moment after it was sent, and loses the keyboard's place while it describes it.
ARRIVED_S = 0.4
LENGTH_MAX = 100
_LIST_WIDTH = 480
_ICONS = {"tag": ft.Icons.SELL_OUTLINED, "creator": ft.Icons.GROUPS_OUTLINED}
_PARAMETERS = {"tag": "tag", "creator": "creator"}
_STEPS = {"Arrow Down": 1, "Arrow Up": -1}


@ft.component
def SearchField(name: str, *, is_settled: bool = True, **look: Any) -> ft.Control:
    """Show the field. Enter leads to what is chosen in the list, else to what the words find.

    Args:
        name: See `identified`.
        is_settled: The screen around it is not about to change.
        look: How it differs from other places where it stands.
    """
    session = use_session()
    seeking, words = session.seeking, session.words
    address = session.page.route or "/"
    is_search = urlsplit(address).path == "/search"
    filters = Filters.read(urlsplit(address).query) if is_search else Filters()

    def typed(text: str) -> None:
        if seeking.write(text, address):
            session.later(_suggest(session, text, address))

    def submit(text: str) -> None:
        choice = seeking.choice
        seeking.send()
        if choice is not None:
            session.go(_leads_to(choice))
        else:
            session.go(msgspec.structs.replace(filters, query=text.strip()).path())

    written = seeking.written(address)
    field = ft.TextField(
        value=filters.query if written is None else written,
        hint_text=words("shell.search_hint"),
        prefix_icon=ft.Icons.SEARCH_ROUNDED,
        max_length=LENGTH_MAX,
        counter="",
        filled=True,
        fill_color=Colours.SURFACE1,
        hover_color=Colours.SURFACE2,
        focused_border_color=Colours.ACCENT,
        border_radius=Radius.CARD,
        on_change=lambda event: typed(str(event.control.value or "")),
        on_submit=lambda event: submit(str(event.control.value or "")),
        **look,
    )
    session.search_field = field
    ft.use_effect(partial(_arrive, session, field, is_settled), [is_settled])
    return whole(name, field, label=words("shell.search"))


async def _suggest(session: Session, text: str, at: str) -> None:
    """Ask what may be meant, once nothing more is typed for a moment."""
    await asyncio.sleep(PAUSE_S)
    if not session.seeking.is_at(text, at):
        return
    calls = session.player if session.account.is_player else session.stranger
    try:
        found = await Catalog(calls).suggest(text.strip())
    except SdkError:
        # Without suggestions the search still works; that the platform is away the strip says.
        found = Suggestions()
    if session.seeking.is_at(text, at) and session.page.route == at:
        session.seeking.offer(found)


def press_in_search(session: Session, key: str) -> None:
    """Do what a key does while suggestions are shown: arrows choose, Escape and Tab close the list."""
    if not session.seeking.found.items:
        return
    if key in _STEPS:
        session.seeking.step(_STEPS[key])
    elif key in {"Escape", "Tab"}:
        session.seeking.close()


def _arrive(session: Session, field: ft.TextField, is_settled: bool) -> None:  # noqa: FBT001  Given by `partial`.
    """Let the keyboard of whoever was on the way to the field stand in it. While the screen comes, the browser would lose it again."""
    if session.is_seeking and is_settled:
        session.is_seeking = False
        session.later(_stand_in(field))


async def _stand_in(field: ft.TextField) -> None:
    await asyncio.sleep(ARRIVED_S)
    await focus(field)


@ft.component
def SuggestionLayer(left: int, top: int) -> ft.Control:
    """Show the suggestions over a screen, from this place on; a click beside them closes them."""
    session = use_session()
    seeking = watch(session.seeking)
    if not seeking.found.items:
        return ft.Container(visible=False)
    beside = ft.Semantics(
        exclude_semantics=True,
        content=ft.GestureDetector(content=ft.Container(expand=True), on_tap=lambda _: seeking.close()),
    )
    return ft.Stack(
        [
            ft.Container(beside, left=0, right=0, top=top, bottom=0),
            ft.Container(SuggestionList(), left=left, top=top - Space.S, width=_LIST_WIDTH),
        ],
        expand=True,
    )


@ft.component
def SuggestionList() -> ft.Control:
    """Show what may be meant: the likeliest first, that to which the arrow keys lead marked."""
    session = use_session()
    seeking = watch(session.seeking)
    found, words = seeking.found, session.words
    if not found.items:
        return ft.Container(visible=False)

    def go(one: Suggestion) -> None:
        seeking.send()
        session.go(_leads_to(one))

    rows = [_row(session, index, one, partial(go, one)) for index, one in enumerate(found.items)]
    if found.corrected_to:
        rows.insert(0, texts.caption(words("search.corrected", words=found.corrected_to)))
    if session.window.kind != "phone":
        told = seeking.choice.name if seeking.choice else words("search.keys")
        keys = ft.Container(texts.caption(words("search.keys")), padding=Space.S)
        rows.append(
            ft.Semantics(
                identifier="search.keys", label=told, live_region=True, exclude_semantics=True, content=keys
            )
        )
    return ft.Container(
        ft.Column(rows, spacing=2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=Colours.SURFACE2,
        border=ft.Border.all(1, Colours.LINE),
        border_radius=Radius.CARD,
        padding=Space.S,
    )


def _leads_to(one: Suggestion) -> str:
    if one.kind in _PARAMETERS:
        return f"/search?{_PARAMETERS[one.kind]}={one.slug}"
    return f"/game/{one.slug}"


def _row(session: Session, index: int, one: Suggestion, go: Callable[[], None]) -> ft.Control:
    is_chosen = index == session.seeking.chosen
    return pressable(
        f"search.suggestion.{index}",
        _suggestion(session, one),
        go,
        padding=ft.Padding.symmetric(horizontal=Space.M, vertical=6),
        back=Colours.SURFACE3 if is_chosen else Colours.SURFACE2,
        selected=is_chosen,
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


def page_look() -> dict[str, Any]:
    """Return how the field looks as the first thing of a screen."""
    return {
        "hint_style": ft.TextStyle(size=Sizes.LEAD, color=Colours.TEXT3),
        "text_size": Sizes.LEAD,
        "border_color": Colours.CONTROL_LINE,
        "content_padding": ft.Padding.symmetric(horizontal=Space.L, vertical=14),
    }


def bar_look(width: int) -> dict[str, Any]:
    """Return how the field looks in a bar."""
    return {
        "hint_style": ft.TextStyle(size=Sizes.BODY, color=Colours.TEXT3),
        "text_size": Sizes.BODY,
        "border_color": Colours.CONTROL_LINE,
        "content_padding": ft.Padding.symmetric(horizontal=Space.M, vertical=10),
        "dense": True,
        "width": width,
    }
