"""Short messages that come and go by themselves."""

from dataclasses import dataclass, field
from typing import Literal

import flet as ft

ToastTone = Literal["info", "success", "warning", "danger"]
TOASTS_MAX = 3


@dataclass(frozen=True)
class Toast:
    """One message."""

    number: int
    text: str
    tone: ToastTone


@ft.observable
@dataclass
class Toasts:
    """The messages that are shown now, the newest last; more than three at once nobody reads."""

    shown: tuple[Toast, ...] = ()
    made: int = field(default=0)

    def add(self, text: str, tone: ToastTone) -> Toast:
        """Show one more; the oldest makes room."""
        self.made += 1
        toast = Toast(self.made, text, tone)
        self.shown = (*self.shown, toast)[-TOASTS_MAX:]
        return toast

    def drop(self, toast: Toast) -> None:
        """Take one away."""
        self.shown = tuple(one for one in self.shown if one != toast)
