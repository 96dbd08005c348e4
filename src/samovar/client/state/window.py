"""The window that a session is shown in: how much room there is, and how often it came back."""

from dataclasses import dataclass
from typing import Literal

import flet as ft

from samovar.client.theme.tokens import Grid, Space

Kind = Literal["phone", "tablet", "desktop"]


@ft.observable
@dataclass
class Window:
    """The size of the window, in steps: screens are drawn anew when the step changes, not at every pixel."""

    kind: Kind = "desktop"
    width: int = Grid.CONTENT_MAX

    def measure(self, width: float) -> None:
        """Take over the width of the window, pixels."""
        kind: Kind = "phone" if width < Grid.PHONE else "tablet" if width < Grid.TABLET else "desktop"
        if kind != self.kind:
            self.kind = kind
        # Only screens that count columns read it; a step of 40 pixels is less than any column.
        step = int(width) // 40 * 40
        if step != self.width:
            self.width = step

    @property
    def margin(self) -> int:
        """The margin of a page."""
        return Space.L if self.kind == "phone" else Space.XL


@ft.observable
@dataclass
class Visit:
    """How often the browser came back to its session: after a reload, or once its connection was there again."""

    returns: int = 0
