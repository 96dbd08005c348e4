"""The panel that narrows a search: groups of values, how many games each leaves."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import flet as ft
import msgspec

from samovar.client.api.catalog import FacetValue
from samovar.client.components import texts
from samovar.client.components.panels import pressable
from samovar.client.hooks import use_session
from samovar.client.state.store.search import PRICES_MAX, SCORES_MIN, Filters
from samovar.client.theme.tokens import Colours, Sizes, Space

WIDTH = 256
_SHOWN_MAX = 3
_ROW_HEIGHT = 34
# Where a name is too long for one line.
_LONG, _LONG_ROW_HEIGHT = 19, 46
_GROUPS = ("genre", "tag", "platform", "language", "category", "feature", "stage")
# Shown by their heading alone until somebody opens them: a screen has at most 600 controls.
_FOLDED = frozenset({"language", "category", "feature", "stage"})

Change = Callable[[Filters], None]


@ft.component
def FilterPanel(filters: Filters, facets: Mapping[str, Sequence[FacetValue]], change: Change) -> ft.Control:
    """Show all groups; `change` is called with what is wanted after a press."""
    session = use_session()
    words = session.words
    parts: list[ft.Control] = [_Offers(filters, facets, change)]
    parts += [_Group(name, filters, facets[name], change) for name in _GROUPS if facets.get(name)]
    parts.append(_Scores(filters, facets, change))
    if filters.count:
        clear = texts.link("filters.clear", words("search.clear"), lambda: change(filters.cleared()))
        parts.insert(0, clear)
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def _Group(name: str, filters: Filters, values: Sequence[FacetValue], change: Change) -> ft.Control:
    words = use_session().words
    is_open, set_open = ft.use_state(False)
    is_unfolded, set_unfolded = ft.use_state(name not in _FOLDED)
    chosen = [one for one in values if filters.is_chosen(name, one.value)]
    title = words(f"search.group.{name}")
    if not chosen and not is_unfolded:
        return _heading(name, title, lambda: set_unfolded(True))
    rest = [one for one in values if one not in chosen and one.count]
    shown = chosen + (rest if is_open else rest[: max(0, _SHOWN_MAX - len(chosen))])
    rows = [
        _row(
            f"filters.{name}.{one.value}",
            one.name,
            one.count,
            chosen=one in chosen,
            on_click=partial(change, filters.toggled(name, one.value)),
        )
        for one in shown
    ]
    if len(chosen) + len(rest) > len(shown) or is_open:
        label = words("search.fewer") if is_open else words("search.more_values")
        rows.append(texts.link(f"filters.{name}.more", label, lambda: set_open(not is_open), size=13))
    return _group(title, rows)


@ft.component
def _Offers(filters: Filters, facets: Mapping[str, Sequence[FacetValue]], change: Change) -> ft.Control:
    words = use_session().words
    counts = {one.value: one.count for one in facets.get("offer", ())}

    def priced(most: int) -> None:
        wanted = None if filters.price_max == most else most
        change(msgspec.structs.replace(filters, price_max=wanted))

    rows = [
        _row(
            "filters.discounted",
            words("search.discounted"),
            counts.get("discounted"),
            chosen=filters.discounted,
            on_click=lambda: change(msgspec.structs.replace(filters, discounted=not filters.discounted)),
        )
    ]
    for most in PRICES_MAX:
        text = (
            words("price.free")
            if most == 0
            else words("search.up_to", price=words.money({"amount": most, "currency": "RUB"}))
        )
        rows.append(
            _row(
                f"filters.price.{most}",
                text,
                counts.get("free") if most == 0 else None,
                chosen=filters.price_max == most,
                on_click=partial(priced, most),
                single=True,
            )
        )
    return _group(words("search.group.price"), rows)


@ft.component
def _Scores(filters: Filters, facets: Mapping[str, Sequence[FacetValue]], change: Change) -> ft.Control:
    words = use_session().words
    is_unfolded, set_unfolded = ft.use_state(False)
    counts = {one.value: one.count for one in facets.get("score", ())}
    title = words("search.group.score")
    if filters.score_min is None and not is_unfolded:
        return _heading("score", title, lambda: set_unfolded(True))

    def scored(least: int) -> None:
        wanted = None if filters.score_min == least else least
        change(msgspec.structs.replace(filters, score_min=wanted))

    rows = [
        _row(
            f"filters.score.{least}",
            words("search.score", percent=least),
            counts.get(str(least)),
            chosen=filters.score_min == least,
            on_click=partial(scored, least),
            single=True,
        )
        for least in SCORES_MIN
    ]
    return _group(title, rows)


def _group(title: str, rows: list[ft.Control]) -> ft.Control:
    return ft.Column(
        [texts.strong(title), ft.Column(rows, spacing=0, tight=True)],
        spacing=Space.XS,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _heading(name: str, title: str, unfold: Callable[[], object]) -> ft.Control:
    """Return a group of which only its heading is shown."""
    heading = texts.strong(title)
    heading.expand = True
    row = ft.Row([heading, ft.Icon(ft.Icons.EXPAND_MORE_ROUNDED, size=20, color=Colours.TEXT2)])
    return pressable(f"filters.{name}.unfold", row, unfold, height=_ROW_HEIGHT, back=ft.Colors.TRANSPARENT)


def _row(
    name: str,
    text: str,
    count: int | None,
    *,
    chosen: bool,
    on_click: Callable[[], object],
    single: bool = False,
) -> ft.Control:
    """Return a value: a box where several may be on, a ring where one is."""
    on, off = (
        (ft.Icons.RADIO_BUTTON_CHECKED_ROUNDED, ft.Icons.RADIO_BUTTON_UNCHECKED_ROUNDED)
        if single
        else (ft.Icons.CHECK_BOX_ROUNDED, ft.Icons.CHECK_BOX_OUTLINE_BLANK_ROUNDED)
    )
    parts: list[ft.Control] = [
        ft.Icon(on if chosen else off, size=18, color=Colours.ACCENT if chosen else Colours.CONTROL_LINE),
        ft.Text(
            text,
            style=ft.TextStyle(size=Sizes.BODY, color=Colours.TEXT if chosen else Colours.TEXT2),
            max_lines=2,
            overflow=ft.TextOverflow.ELLIPSIS,
            expand=True,
        ),
    ]
    if count is not None:
        parts.append(texts.caption(str(count)))
    return pressable(
        name,
        ft.Row(parts, spacing=Space.S),
        on_click,
        height=_ROW_HEIGHT if len(text) < _LONG else _LONG_ROW_HEIGHT,
        padding=ft.Padding.symmetric(horizontal=6),
        back=ft.Colors.TRANSPARENT,
        selected=chosen,
    )
