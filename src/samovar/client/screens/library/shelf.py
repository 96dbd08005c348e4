"""The library: games as covers or as rows, collections, words, order; what was played last stands first."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import cast

import flet as ft
import msgspec

from samovar.client.api.library import SORTS, Groups, Library, LibraryPage, ShelfGame, ShelfGames
from samovar.client.components import texts
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.computer.shelf import LocalShelf
from samovar.client.components.fields import drop_down
from samovar.client.components.games import capsule
from samovar.client.components.identify import whole
from samovar.client.components.panels import badge, note, pressable
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.components.store.grid import columns_of, grid_skeleton, rows_of, shelf
from samovar.client.hooks import Loaded, memo, use_doing, use_loaded, use_session, watch
from samovar.client.screens.library.collections import CollectionBar
from samovar.client.session import Session
from samovar.client.state.library import QUERY_MAX, Shelf
from samovar.client.state.names import name_of
from samovar.client.state.times import played
from samovar.client.theme.tokens import Colours, Radius, Sizes, Space

_ROW_ART_WIDTH = 120
_SEARCH_WIDTH = 300
# People who type do not want an answer to each letter.
PAUSE_S = 0.25


@ft.component
def LibraryScreen() -> ft.Control:
    """Show the library, as its address says."""
    session = use_session()
    watch(session.window)
    words = session.words
    asked = Shelf.read((session.page.route or "").partition("?")[2])
    # What is typed is found at once; Enter, or another narrowing, keeps it in the address.
    query, set_query = ft.use_state(asked.query)
    typed = ft.use_memo(lambda: _Typed(asked.query), [asked.query])
    ft.use_effect(lambda: set_query(asked.query), [asked.query])

    def forget() -> None:
        typed.text = ""
        set_query("")

    wanted = msgspec.structs.replace(asked, query=query)
    library = Library(session.player)

    async def load() -> tuple[Shelf, LibraryPage]:
        if not wanted.is_narrowed:
            return wanted, await library.first(wanted.sort)
        games, collections = await asyncio.gather(
            library.games(
                query=wanted.query, collection=wanted.collection, only=wanted.only, sort=wanted.sort
            ),
            Groups(session.player).collections(),
        )
        return wanted, LibraryPage(games=games, collections=collections)

    found = use_loaded(load, [wanted.query, wanted.collection, wanted.only, wanted.sort])
    parts: list[ft.Control] = [_head(session, wanted, ShelfSearch(typed, wanted, set_query))]
    page = found.value[1] if found.value else None
    collections = page.collections.items if page and page.collections else []
    if page and (wanted.is_narrowed or collections or page.games.items):
        parts.append(CollectionBar(wanted, collections, found.again))
    if page and page.missing:
        parts.append(note("library.partial", words("home.partial"), tone="warning"))
    recent = page.recent.items if page and page.recent else []
    recent = [one for one in recent if one.last_played_at is not None]
    columns = columns_of(session)
    if recent and not wanted.is_narrowed:
        cells = [_cover(session, one, "recent") for one in recent[:columns]]
        parts.append(shelf(words("library.recent"), rows_of(cells, columns)))
    parts.append(_body(session, wanted, found, columns, forget))
    return screen(session, *parts)


class _Typed:
    def __init__(self, text: str) -> None:
        self.text = text


@ft.component
def ShelfSearch(typed: _Typed, wanted: Shelf, find: Callable[[str], None]) -> ft.Control:
    """Show the field of the library's search.

    Args:
        typed: What stands in the field.
        wanted: What is found now.
        find: Finds other words.
    """
    session = use_session()
    words = session.words

    async def settle(text: str) -> None:
        await asyncio.sleep(PAUSE_S)
        if typed.text == text:
            find(text.strip())

    def change(text: str) -> None:
        typed.text = text
        session.later(settle(text))

    def submit(text: str) -> None:
        typed.text = text
        find(text.strip())
        session.go(msgspec.structs.replace(wanted, query=text.strip()).path())

    field = ft.TextField(
        value=typed.text,
        hint_text=words("library.search"),
        hint_style=ft.TextStyle(size=Sizes.BODY, color=Colours.TEXT3),
        prefix_icon=ft.Icons.SEARCH_ROUNDED,
        text_size=Sizes.BODY,
        border_color=Colours.CONTROL_LINE,
        border_radius=Radius.CARD,
        dense=True,
        content_padding=ft.Padding.symmetric(horizontal=Space.M, vertical=12),
        width=_SEARCH_WIDTH,
        max_length=QUERY_MAX,
        counter="",
        on_change=lambda event: change(str(event.control.value or "")),
        on_submit=lambda event: submit(str(event.control.value or "")),
    )
    return whole("library.search", field, label=words("shell.search"))


def _head(session: Session, wanted: Shelf, search: ft.Control) -> ft.Control:
    words = session.words

    def go(shelf_: Shelf) -> None:
        session.go(shelf_.path())

    order = drop_down(
        "library.sort",
        words("search.sort.label"),
        [(one, words(f"library.sort.{one}")) for one in SORTS],
        wanted.sort,
        lambda sort: go(msgspec.structs.replace(wanted, sort=sort)),
        width=220,
    )
    other = "list" if wanted.view == "grid" else "grid"
    view = icon_button(
        f"library.view.{other}",
        ft.Icons.VIEW_LIST_ROUNDED if other == "list" else ft.Icons.GRID_VIEW_ROUNDED,
        words(f"library.view.{other}"),
        partial(go, msgspec.structs.replace(wanted, view=other)),
    )
    controls = ft.Row(
        [
            search,
            order,
            view,
        ],
        spacing=Space.S,
        run_spacing=Space.S,
        wrap=True,
    )
    return ft.Row(
        [texts.page_title(words("library.title")), controls],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        wrap=True,
        run_spacing=Space.M,
    )


def _body(
    session: Session,
    wanted: Shelf,
    found: Loaded[tuple[Shelf, LibraryPage]],
    columns: int,
    forget: Callable[[], None],
) -> ft.Control:
    words = session.words
    if found.problem and not found.is_loading:
        failed = error_state("library.error", found.problem, words, found.again)
        return ft.Column([LocalShelf(), failed], spacing=Space.XL, tight=True) if session.computer else failed
    if found.value is None:
        if wanted.view == "list":
            return skeleton_rows(6, height=72)
        return grid_skeleton(session, columns=columns)
    asked, page = found.value
    if not page.games.items:
        if wanted.is_narrowed:
            all_games = Shelf(sort=wanted.sort, view=wanted.view).path()

            def clear_all() -> None:
                forget()
                session.go(all_games)

            clear = button("library.clear", words("library.clear"), clear_all)
            return empty_state(
                "library.nothing",
                ft.Icons.SEARCH_OFF_ROUNDED,
                words("search.empty.title"),
                words("library.nothing" if wanted.query else "library.nothing_yet"),
                action=clear,
            )
        store = button("library.store", words("cart.empty.action"), lambda: session.go("/"), kind="primary")
        return empty_state(
            "library.empty",
            ft.Icons.VIDEO_LIBRARY_OUTLINED,
            words("library.empty.title"),
            words("library.empty.detail"),
            action=store,
        )
    # Games that were found stay as they are until others are: neither another address nor a new search draws them anew.
    key = f"{asked.path()}#{wanted.view}#{words.language}"
    return ft.Container(
        _Games(page.games, msgspec.structs.replace(asked, view=wanted.view), columns), key=key
    )


@memo
@ft.component
def _Games(first: ShelfGames, wanted: Shelf, columns: int) -> ft.Control:
    session = use_session()
    more, set_more = ft.use_state(cast("tuple[ShelfGame, ...]", ()))
    cursor, set_cursor = ft.use_state(first.next_cursor)
    doing = use_doing()
    words = session.words

    async def load() -> None:
        page = await Library(session.player).games(
            query=wanted.query,
            collection=wanted.collection,
            only=wanted.only,
            sort=wanted.sort,
            cursor=cursor,
        )
        set_more((*more, *page.items))
        set_cursor(page.next_cursor)

    games = (*first.items, *more)
    if wanted.view == "list":
        body: ft.Control = ft.Column(
            [_row(session, one) for one in games],
            spacing=Space.S,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    else:
        body = rows_of([_cover(session, one, "game") for one in games], columns)
    parts: list[ft.Control] = [body]
    if doing.problem:
        parts.append(note("library.more.error", doing.problem.detail, tone="danger"))
    if cursor:
        again = button("library.more", words("search.more"), partial(doing.run, load), busy=doing.is_busy)
        parts.append(ft.Row([again], alignment=ft.MainAxisAlignment.CENTER))
    return ft.Column(parts, spacing=Space.XL, tight=True)


def _cover(session: Session, game: ShelfGame, place: str) -> ft.Control:
    """Return a game as a cover: its art, its name, how long it was played."""
    words = session.words
    name = name_of(game.titles, words.language, words("cart.unnamed"))
    foot = ft.Column(
        [texts.strong(name, lines=1), texts.caption(_about(session, game), lines=1)],
        spacing=2,
        tight=True,
        margin=Space.M,
    )
    content = ft.Column(
        [capsule(game.capsule_url, name), foot],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    to = partial(session.go, f"/library/{game.game_id}")
    return pressable(f"library.{place}.{game.game_id}", content, to)


def _row(session: Session, game: ShelfGame) -> ft.Control:
    words = session.words
    name = name_of(game.titles, words.language, words("cart.unnamed"))
    art = ft.Container(
        capsule(game.capsule_url, name),
        width=_ROW_ART_WIDTH,
        border_radius=Radius.BADGE,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
    parts: list[ft.Control] = [
        art,
        ft.Column(
            [texts.strong(name, lines=1), texts.caption(_about(session, game), lines=1)],
            spacing=2,
            tight=True,
            expand=True,
        ),
    ]
    if game.access != "owned":
        parts.append(badge(words(f"library.access.{game.access}"), tone="warning"))
    content = ft.Row(parts, spacing=Space.M)
    to = partial(session.go, f"/library/{game.game_id}")
    return pressable(f"library.game.{game.game_id}", content, to, padding=Space.S)


def _about(session: Session, game: ShelfGame) -> str:
    if game.access != "owned":
        return session.words(f"library.access.{game.access}")
    time = played(session.words, game.play_minutes)
    return f"{session.words('library.only.favourites')} · {time}" if game.is_favourite else time
