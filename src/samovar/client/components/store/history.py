"""The history of a price: a line of steps, and the lowest price of the last 30 days in words."""

from datetime import datetime

import flet as ft

from samovar.client.api.game_pages import PriceHistory
from samovar.client.components import texts
from samovar.client.components.identify import identified
from samovar.client.hooks import use_session
from samovar.client.state.store.prices import Level, levels
from samovar.client.theme.tokens import Colours, Space

_HEIGHT = 84
_PARTS = 10_000
# A price of this very day is seen too.
_LEAST = 300
_WORDS_MAX = 6


@ft.component
def PriceLine(history: PriceHistory, now: datetime) -> ft.Control:
    """Show what a package cost; the same stands in words behind «Показать цены»."""
    words = use_session().words
    is_open, set_open = ft.use_state(False)
    steps = levels(history.steps, now)
    parts: list[ft.Control] = []
    if history.lowest_30d is not None:
        lowest = words("game.price.lowest", price=words.money(history.lowest_30d))
        parts.append(texts.muted(lowest))
    if len(steps) > 1:
        bars = [_bar(one) for one in steps]
        line = ft.Row(list(bars), spacing=0, height=_HEIGHT, vertical_alignment=ft.CrossAxisAlignment.END)
        parts.append(ft.Semantics(label=words("game.price.chart"), exclude_semantics=True, content=line))
        ends = [words.day(history.steps[0].since), words("game.price.today")]
        parts.append(
            ft.Row([texts.caption(one) for one in ends], alignment=ft.MainAxisAlignment.SPACE_BETWEEN)
        )
    label = words("game.price.hide" if is_open else "game.price.show")
    parts.append(ft.Row([texts.link("game.price.steps", label, lambda: set_open(not is_open), size=13)]))
    if is_open:
        rows = [
            texts.caption(
                words(
                    "game.price.step",
                    day=words.day(one.since),
                    price=words.money(one.final),
                    discount=words.discount(one.discount_percent) if one.discount_percent else "",
                ).rstrip()
            )
            for one in reversed(history.steps[-_WORDS_MAX:])
        ]
        parts.append(ft.Column(list(rows), spacing=Space.XS, tight=True))
    column = ft.Column(parts, spacing=Space.S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return identified("game.price.history", column)


def _bar(level: Level) -> ft.Control:
    """Return a stretch of the line: as wide as it lasted, as high as it cost."""
    is_sale = level.step.discount_percent > 0
    color = Colours.SUCCESS if is_sale else Colours.TEXT3
    return ft.Container(
        expand=max(_LEAST, round((level.ends - level.begins) * _PARTS)),
        height=max(4, round(level.height * (_HEIGHT - 4))),
        bgcolor=ft.Colors.with_opacity(0.18, color),
        border=ft.Border(top=ft.BorderSide(2, color)),
    )
