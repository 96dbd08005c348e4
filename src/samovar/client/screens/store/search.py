"""The search: what is found, narrowed by filters that stand in the address, page by page."""

from collections.abc import Callable
from functools import partial
from typing import cast

import flet as ft
import msgspec

from samovar.client.api.catalog import Catalog, FacetValue, Found, Game
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.fields import drop_down
from samovar.client.components.panels import CHIP_PADDING, card, note, pressable
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton
from samovar.client.components.store.facets import WIDTH, FilterPanel
from samovar.client.components.store.grid import columns_of, game_grid, grid_skeleton
from samovar.client.components.store.suggest import SearchField, SuggestionList, page_look
from samovar.client.hooks import Loaded, memo, use_doing, use_loaded, use_session, watch
from samovar.client.session import Session
from samovar.client.state.store.search import SORTS, Filters
from samovar.client.theme.tokens import Colours, Space


@ft.component
def Search() -> ft.Control:
    """Show what the address asks for."""
    session = use_session()
    window = watch(session.window)
    account = watch(session.account)
    is_open, set_open = ft.use_state(False)
    filters = Filters.read((session.page.route or "").partition("?")[2])
    address = filters.address()
    catalog = Catalog(session.player if account.is_player else session.stranger)

    async def load() -> tuple[str, Found]:
        return address, await catalog.find(address)

    found = use_loaded(load, [address, account.standing])
    page = found.value[1] if found.value else None

    def change(wanted: Filters) -> None:
        session.go(wanted.path())

    wide = window.kind == "desktop"
    columns = columns_of(session, taken=WIDTH + Space.XL if wide else 0)
    results = _results(session, filters, found, columns, change)
    bar = _bar(session, filters, page, change, None if wide else lambda: set_open(not is_open))
    facets = (page.facets if page else None) or {}
    if wide:
        panel = card(FilterPanel(filters, facets, change))
        panel.width = WIDTH
        body: ft.Control = ft.Row(
            [panel, ft.Container(results, expand=True)],
            spacing=Space.XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        return screen(session, bar, body)
    parts = [card(FilterPanel(filters, facets, change))] if is_open else []
    if window.kind == "phone":
        field = SearchField("search.field", is_settled=not found.is_loading, **page_look())
        seeker = ft.Column(
            [field, SuggestionList()],
            spacing=Space.XS,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
        return screen(session, seeker, bar, *parts, results)
    return screen(session, bar, *parts, results)


def _bar(
    session: Session,
    filters: Filters,
    found: Found | None,
    change: Callable[[Filters], None],
    on_filters: Callable[[], None] | None,
) -> ft.Control:
    """Return how many there are, what is on, and the order."""
    words = session.words
    count = words("search.found", count=found.total) if found else words("state.loading")
    left: list[ft.Control] = [
        ft.Semantics(
            key="search.count", identifier="search.count", live_region=True, content=texts.muted(count)
        )
    ]
    if on_filters is not None:
        text = words("search.filters")
        text = f"{text} · {filters.count}" if filters.count else text
        left.append(button("search.filters", text, on_filters, icon=ft.Icons.TUNE_ROUNDED))
    row = ft.Row(
        [ft.Row(left, spacing=Space.M, tight=True), _sort(session, filters, change)],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        wrap=session.window.kind == "phone",
        run_spacing=Space.S,
    )
    chips = _chips(session, filters, (found.facets if found else None) or {}, change)
    return ft.Column([row, chips] if chips else [row], spacing=Space.M, tight=True)


def _sort(session: Session, filters: Filters, change: Callable[[Filters], None]) -> ft.Control:
    words = session.words
    options = [
        (one, words(f"search.sort.{one.replace('-', 'most_')}"))
        for one in SORTS
        if one != "relevance" or filters.query
    ]
    return drop_down(
        "search.sort",
        words("search.sort.label"),
        options,
        filters.sort or ("relevance" if filters.query else "popularity"),
        lambda sort: change(msgspec.structs.replace(filters, sort=sort)),
        width=230,
    )


def _chips(
    session: Session,
    filters: Filters,
    facets: dict[str, list[FacetValue]],
    change: Callable[[Filters], None],
) -> ft.Control | None:
    """Return what is on; a press takes it off."""
    words = session.words
    shown: list[tuple[str, str, Filters]] = []
    for group, values in filters.chosen.items():
        names = {one.value: one.name for one in facets.get(group, ())}
        shown += [(f"{group}.{one}", names.get(one, one), filters.toggled(group, one)) for one in values]
    replace = msgspec.structs.replace
    if filters.discounted:
        shown.append(("discounted", words("search.discounted"), replace(filters, discounted=False)))
    if filters.price_max is not None:
        most = {"amount": filters.price_max, "currency": "RUB"}
        text = words("search.up_to", price=words.money(most)) if filters.price_max else words("price.free")
        shown.append(("price", text, replace(filters, price_max=None)))
    if filters.score_min is not None:
        text = words("search.score", percent=filters.score_min)
        shown.append(("score", text, replace(filters, score_min=None)))
    if filters.age_max is not None:
        text = words("search.age", age=filters.age_max)
        shown.append(("age", text, replace(filters, age_max=None)))
    if not shown:
        return None
    chips = [
        _chip(words("search.take_off", name=text), name, text, partial(change, to))
        for name, text, to in shown
    ]
    return ft.Row(list(chips), wrap=True, spacing=Space.S, run_spacing=Space.S)


def _chip(label: str, name: str, text: str, on_click: Callable[[], None]) -> ft.Control:
    shown = ft.Text(
        text,
        style=ft.TextStyle(size=13, weight=ft.FontWeight.W_500, color=Colours.TEXT),
        semantics_label=label,
    )
    row = ft.Row(
        [shown, ft.Icon(ft.Icons.CLOSE_ROUNDED, size=14, color=Colours.TEXT2)], spacing=6, tight=True
    )
    return pressable(f"search.chip.{name}", row, on_click, padding=CHIP_PADDING, back=Colours.SURFACE2)


def _results(
    session: Session,
    filters: Filters,
    found: Loaded[tuple[str, Found]],
    columns: int,
    change: Callable[[Filters], None],
) -> ft.Control:
    words = session.words
    if found.problem and not found.is_loading:
        return error_state("search.error", found.problem, words, found.again)
    if found.value is None:
        return ft.Column(
            [skeleton(width=160), grid_skeleton(session, columns=columns, rows=3)],
            spacing=Space.L,
            tight=True,
        )
    asked, page = found.value
    if not page.items:
        clear = button("search.empty.clear", words("search.clear"), lambda: change(filters.cleared()))
        return empty_state(
            "search.empty",
            ft.Icons.SEARCH_OFF_ROUNDED,
            words("search.empty.title"),
            words("search.empty.detail"),
            action=clear if filters.count else None,
        )
    # Games that were found stay as they are until others are: neither another address nor a new search draws them anew.
    return ft.Container(Results(page, asked, columns), key=f"{asked}#{session.words.language}")


@memo
@ft.component
def Results(first: Found, address: str, columns: int) -> ft.Control:
    """Show the first page, and those that were asked for after it."""
    session = use_session()
    watch(session.window)
    more, set_more = ft.use_state(cast("tuple[Game, ...]", ()))
    cursor, set_cursor = ft.use_state(first.next_cursor)
    doing = use_doing()
    words = session.words

    async def load() -> None:
        calls = session.player if session.account.is_player else session.stranger
        page = await Catalog(calls).find(address, cursor=cursor)
        set_more((*more, *page.items))
        set_cursor(page.next_cursor)

    parts: list[ft.Control] = []
    if first.corrected_to:
        parts.append(note("search.corrected", words("search.corrected", words=first.corrected_to)))
    parts.append(game_grid(session, [*first.items, *more], columns=columns))
    if doing.problem:
        parts.append(note("search.more.error", doing.problem.detail, tone="danger"))
    if cursor:
        again = button("search.more", words("search.more"), lambda: doing.run(load), busy=doing.is_busy)
        parts.append(ft.Row([again], alignment=ft.MainAxisAlignment.CENTER))
    return ft.Column(parts, spacing=Space.XL, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
