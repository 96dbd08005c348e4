"""A graph over days: one line, its area filled, no more labels than can be read. A table beside it tells the same in words."""

import math
from collections.abc import Callable, Sequence
from datetime import date

import flet as ft
import flet_charts as fc

from samovar.client.components import texts
from samovar.client.session import Session
from samovar.client.theme.tokens import Colours

POINTS_MAX = 120
_HEIGHT = 240
_LABELS = {"phone": 3, "tablet": 5, "desktop": 7}
_LEFT_WIDTH = 76
_STEPS = (1, 2, 5)
_LINES = 4


def day_chart(
    session: Session,
    label: str,
    points: Sequence[tuple[date, float]],
    shown: Callable[[float], str],
    *,
    least: float,
) -> ft.Control:
    """Return a graph.

    Args:
        session: Whose window and language.
        label: What it tells, for those who do not see it.
        points: A value for each day, at most `POINTS_MAX`, in their order.
        shown: Writes a value.
        least: How high the graph reaches at least, however little there was.
    """
    values = [value for _, value in points]
    lowest, highest = min(0.0, *values), max(least, *values)
    step = step_of((highest - lowest) / _LINES)
    bottom, top = math.floor(lowest / step) * step, math.ceil(highest / step) * step
    every = max(1, len(points) // _LABELS[session.window.kind])
    days = [
        fc.ChartAxisLabel(value=at, label=texts.caption(f"{day.day:02}.{day.month:02}"))
        for at, (day, _) in enumerate(points)
        if (len(points) - 1 - at) % every == 0
    ]
    lines = int((top - bottom) / step + 0.5)
    sides = [
        fc.ChartAxisLabel(value=bottom + step * at, label=texts.caption(shown(bottom + step * at), lines=1))
        for at in range(lines + 1)
    ]
    line = fc.LineChartData(
        points=[
            fc.LineChartDataPoint(at, value, tooltip=f"{day.day:02}.{day.month:02} · {shown(value)}")
            for at, (day, value) in enumerate(points)
        ],
        color=Colours.ACCENT,
        stroke_width=2,
        rounded_stroke_cap=True,
        below_line_bgcolor=ft.Colors.with_opacity(0.14, Colours.ACCENT),
    )
    chart = fc.LineChart(
        data_series=[line],
        min_x=0,
        max_x=max(1, len(points) - 1),
        min_y=bottom,
        max_y=top,
        height=_HEIGHT,
        left_axis=fc.ChartAxis(labels=sides, label_size=_LEFT_WIDTH),
        bottom_axis=fc.ChartAxis(labels=days, label_size=24),
        horizontal_grid_lines=fc.ChartGridLines(interval=step, color=Colours.SURFACE3, width=1),
        tooltip=fc.LineChartTooltip(bgcolor=Colours.SURFACE3),
        animation=ft.Animation(0),
    )
    return ft.Semantics(key="reports.chart", identifier="reports.chart", label=label, content=chart)


def step_of(about: float) -> float:
    """Return the round number next above: 1, 2 or 5 with noughts."""
    power = 1.0
    while power * 10 <= about:
        power *= 10
    return next((power * one for one in _STEPS if power * one >= about), power * 10)
