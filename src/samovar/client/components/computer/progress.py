"""How far a game of this computer is: a bar, a sentence, a graph of its speed."""

import flet as ft

from samovar.client.session import Session
from samovar.client.state.downloads.here import LocalGame
from samovar.client.state.downloads.speed import SAMPLES_MAX, mean_of
from samovar.client.theme.tokens import Colours

_HEIGHT = 48


def bar(session: Session, local: LocalGame) -> ft.Control:
    """Return how much is written and verified; it never goes back."""
    return ft.ProgressBar(
        value=min(1.0, local.done / local.total) if local.total else 0.0,
        color=Colours.ACCENT,
        bgcolor=Colours.SURFACE3,
        bar_height=6,
        border_radius=3,
        semantics_label=about(session, local),
    )


def about(session: Session, local: LocalGame) -> str:
    """Return it in words: how much, how fast, how long still."""
    words = session.words
    said = [words(f"computer.stage.{local.stage}")]
    if local.total:
        said.append(words("downloads.done_of", done=words.size(local.done), whole=words.size(local.total)))
    speed = mean_of(local.samples)
    if speed and local.stage == "running":
        left_s = max(0, local.total - local.done) / speed
        said.append(words("computer.pace", speed=words.speed(speed), left=words.left(left_s)))
    return " · ".join(said)


def graph(samples: tuple[int, ...], label: str) -> ft.Control:
    """Return a graph that grows from the left until it is as long as it gets.

    Args:
        samples: Bytes a second, the oldest first; at least one.
        label: What it is, for whoever does not see it.
    """
    top = max(*samples, 1)
    bars = [
        ft.Container(
            expand=True,
            height=max(2, round(one / top * _HEIGHT)),
            bgcolor=ft.Colors.with_opacity(0.18, Colours.ACCENT),
            border=ft.Border(top=ft.BorderSide(2, Colours.ACCENT)),
        )
        for one in samples
    ]
    rest = [ft.Container(expand=SAMPLES_MAX - len(bars))] if len(bars) < SAMPLES_MAX else []
    row = ft.Row([*bars, *rest], spacing=0, height=_HEIGHT, vertical_alignment=ft.CrossAxisAlignment.END)
    return ft.Semantics(label=label, exclude_semantics=True, content=row)
