"""A game of the library: how long it was played, its achievements, its collections, the way to its page."""

from functools import partial

import flet as ft

from samovar.client.api.library import Achievement, Achievements, Collections, Groups, Library, ShelfGame
from samovar.client.components import texts
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.computer.action import LocalAction
from samovar.client.components.games import capsule
from samovar.client.components.panels import badge, card, chip, note, panel
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton, skeleton_rows
from samovar.client.components.store.grid import rows_of
from samovar.client.hooks import use_doing, use_loaded, use_session, use_title, watch
from samovar.client.screens.library.collections import NameDialog
from samovar.client.screens.library.elsewhere import InstallElsewhere
from samovar.client.session import Session
from samovar.client.state.names import name_of
from samovar.client.state.times import played
from samovar.client.theme.tokens import Colours, Radius, Sizes, Space

_ART_WIDTH = 320
_WIDTH = 1040
# An address that no game can have is refused at the edge.
_NOT_FOUND = frozenset({"library.game_not_found", "request.not_found"})
_LOST = frozenset({"expired", "revoked"})


@ft.component
def LibraryGame() -> ft.Control:
    """Show the game of the address."""
    session = use_session()
    watch(session.window)
    words = session.words
    game_id = ft.use_route_params().get("id", "")
    library = Library(session.player)

    async def load() -> tuple[ShelfGame, Achievements, Collections]:
        return (
            await library.game(game_id),
            await library.achievements(game_id),
            await Groups(session.player).collections(),
        )

    found = use_loaded(load, [game_id])
    if found.value is None:
        if found.problem and not found.is_loading:
            if found.problem.code in _NOT_FOUND:
                return screen(session, _nothing(session))
            return screen(session, error_state("library_game.error", found.problem, words, found.again))
        return screen(session, skeleton(height=180, radius=Radius.CARD), skeleton_rows(4), width=_WIDTH)
    game, achievements, collections = found.value
    return screen(
        session,
        Head(game, collections),
        *_contents(session, game),
        _achievements(session, achievements),
        width=_WIDTH,
    )


@ft.component
def Head(game: ShelfGame, collections: Collections) -> ft.Control:
    """Show the game, and what can be done with it."""
    session = use_session()
    window = watch(session.window)
    words = session.words
    doing = use_doing()
    is_favourite, set_favourite = ft.use_state(game.is_favourite)
    is_hidden, set_hidden = ft.use_state(game.is_hidden)
    name = name_of(game.titles, words.language, words("cart.unnamed"))
    use_title(name)

    async def favour() -> None:
        await Library(session.player).mark(game.game_id, is_favourite=not is_favourite)
        set_favourite(not is_favourite)

    async def hide() -> None:
        await Library(session.player).mark(game.game_id, is_hidden=not is_hidden)
        set_hidden(not is_hidden)
        if not is_hidden:
            session.toast(words("library.hidden"))

    heart = icon_button(
        "library_game.favourite",
        ft.Icons.FAVORITE_ROUNDED if is_favourite else ft.Icons.FAVORITE_BORDER_ROUNDED,
        words("library.unfavour" if is_favourite else "library.favour"),
        partial(doing.run, favour),
        selected=is_favourite,
    )
    eye = icon_button(
        "library_game.hide",
        ft.Icons.VISIBILITY_OUTLINED if is_hidden else ft.Icons.VISIBILITY_OFF_OUTLINED,
        words("library.unhide" if is_hidden else "library.hide"),
        partial(doing.run, hide),
    )
    column: list[ft.Control] = [
        ft.Row([ft.Container(texts.page_title(name), expand=True), heart, eye], spacing=0),
        *_installing(session, game, name),
        *_facts(session, game),
    ]
    column.append(InCollections(game, collections))
    if doing.problem:
        column.append(note("library_game.problem", doing.problem.detail, tone="danger"))
    about = ft.Column(column, spacing=Space.S, tight=True)
    art = _art(game, name, width=None if window.kind == "phone" else _ART_WIDTH)
    if window.kind == "phone":
        stretch = ft.CrossAxisAlignment.STRETCH
        return ft.Column([art, about], spacing=Space.L, tight=True, horizontal_alignment=stretch)
    return ft.Row(
        [art, ft.Container(about, expand=True)],
        spacing=Space.XL,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


@ft.component
def InCollections(game: ShelfGame, collections: Collections) -> ft.Control:
    """Show in which collections the game is; a click puts it in or takes it out, or makes another one."""
    session = use_session()
    words = session.words
    doing = use_doing()
    chosen, set_chosen = ft.use_state(frozenset(game.collection_ids))
    groups, set_groups = ft.use_state(tuple(collections.items))
    is_naming, set_naming = ft.use_state(False)

    async def sort_into(collection_id: str) -> None:
        wanted = chosen ^ {collection_id}
        await Groups(session.player).sort_into(game.game_id, sorted(wanted))
        set_chosen(wanted)

    async def make(title: str) -> None:
        made = await Groups(session.player).collect(title)
        set_groups((*groups, made))
        await sort_into(made.collection_id)

    chips = [
        chip(
            f"library_game.collection.{one.collection_id}",
            one.name,
            partial(doing.run, partial(sort_into, one.collection_id)),
            selected=one.collection_id in chosen,
        )
        for one in groups
    ]
    chips.append(
        chip("library_game.collection.new", words("library.collection.new"), partial(set_naming, True))
    )
    parts: list[ft.Control] = [ft.Row([*chips], spacing=Space.S, wrap=True, run_spacing=Space.S)]
    if is_naming:
        parts.append(NameDialog("", make, partial(set_naming, False)))
    if doing.problem:
        parts.append(note("library_game.collection.problem", doing.problem.detail, tone="danger"))
    return ft.Column(parts, spacing=Space.S, tight=True)


def _nothing(session: Session) -> ft.Control:
    words = session.words
    return empty_state(
        "library_game.nothing",
        ft.Icons.SEARCH_OFF_ROUNDED,
        words("library.missing.title"),
        words("library.missing.detail"),
        action=button("library_game.library", words("order.library"), partial(session.go, "/library")),
    )


def _installing(session: Session, game: ShelfGame, name: str) -> list[ft.Control]:
    if session.computer:
        return [LocalAction(game.game_id, name, game.slug or game.game_id)]
    return [] if game.access in _LOST else [InstallElsewhere(game.game_id)]


def _art(game: ShelfGame, name: str, *, width: int | None) -> ft.Control:
    return ft.Container(
        capsule(game.capsule_url, name),
        border_radius=Radius.CARD,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        width=width,
    )


def _facts(session: Session, game: ShelfGame) -> list[ft.Control]:
    """Return what is known of the game, and where else it can be seen."""
    words = session.words
    facts: list[ft.Control] = [texts.muted(played(words, game.play_minutes))]
    if game.last_played_at is not None:
        facts.append(texts.caption(words("library.last", day=words.day(game.last_played_at))))
    facts.append(texts.caption(words("library.since", day=words.day(game.since))))
    if game.access != "owned":
        facts.append(ft.Row([badge(words(f"library.access.{game.access}"), tone="warning")]))
    actions: list[ft.Control] = []
    if game.slug:
        page = partial(session.go, f"/game/{game.slug}")
        actions.append(button("library_game.page", words("library.page"), page))
    actions.append(
        button("library_game.downloads", words("downloads.title"), partial(session.go, "/downloads"))
    )
    return [*facts, ft.Row(actions, spacing=Space.S, wrap=True, run_spacing=Space.S)]


def _contents(session: Session, game: ShelfGame) -> list[ft.Control]:
    """Return what belongs to the game and is the player's as well."""
    words = session.words
    rows: list[ft.Control] = []
    for one in game.contents:
        title = name_of(one.titles, words.language, words("cart.unnamed"))
        kind = f"store.kind.{one.kind}"
        parts = [
            texts.link(
                f"library_game.content.{one.game_id}", title, partial(session.go, f"/library/{one.game_id}")
            )
        ]
        if words.has(kind):
            parts.append(texts.caption(words(kind)))
        if one.access != "owned":
            parts.append(badge(words(f"library.access.{one.access}"), tone="warning"))
        rows.append(ft.Row(parts, spacing=Space.M, wrap=True, run_spacing=Space.XS))
    if not rows:
        return []
    return [panel(ft.Column(rows, spacing=Space.S, tight=True), title=words("library.contents"))]


def _achievements(session: Session, found: Achievements) -> ft.Control:
    words = session.words
    if not found.total:
        return panel(texts.muted(words("achievements.none")), title=words("achievements.title"))
    bar = ft.ProgressBar(
        value=found.unlocked / found.total,
        color=Colours.ACCENT,
        bgcolor=Colours.SURFACE3,
        bar_height=6,
        border_radius=3,
        semantics_label=words("achievements.count", unlocked=found.unlocked, total=found.total),
    )
    tiles = [_tile(session, one) for one in found.items]
    columns = 1 if session.window.kind == "phone" else 2
    return panel(
        texts.muted(words("achievements.count", unlocked=found.unlocked, total=found.total)),
        bar,
        rows_of(tiles, columns, gap=Space.M),
        title=words("achievements.title"),
    )


def _tile(session: Session, one: Achievement) -> ft.Control:
    words = session.words
    is_there = one.unlocked_at is not None
    icon = ft.Container(
        ft.Icon(
            ft.Icons.EMOJI_EVENTS_ROUNDED if is_there else ft.Icons.LOCK_OUTLINE_ROUNDED,
            size=22,
            color=Colours.ACCENT if is_there else Colours.TEXT3,
        ),
        width=44,
        height=44,
        bgcolor=Colours.SURFACE3,
        border_radius=Radius.CARD,
        alignment=ft.Alignment.CENTER,
    )
    text = name_of(one.text, words.language) if one.text else words("achievements.hidden")
    about = []
    if one.unlocked_at is not None:
        about.append(words.day(one.unlocked_at))
    elif one.target:
        about.append(words("achievements.progress", done=one.progress, target=one.target))
    if one.rarity_percent is not None:
        rarity = words.number(one.rarity_percent, digits=1)
        about.append(words("achievements.rarity", percent=rarity))
    column = ft.Column(
        [
            ft.Text(
                name_of(one.title, words.language),
                style=ft.TextStyle(
                    size=Sizes.BODY,
                    weight=ft.FontWeight.W_600,
                    color=Colours.TEXT if is_there else Colours.TEXT2,
                ),
                max_lines=1,
                overflow=ft.TextOverflow.ELLIPSIS,
            ),
            texts.caption(text, lines=2),
            texts.caption(" · ".join(about) or " ", lines=1),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    box = card(ft.Row([icon, column], spacing=Space.M), padding=Space.M)
    box.bgcolor = Colours.SURFACE2
    return box
