"""How much is unread."""

from dataclasses import dataclass

import flet as ft


@ft.observable
@dataclass
class Bell:
    """The count beside the bell, as it was told last."""

    unread: int = 0

    @property
    def badge(self) -> str | None:
        """What stands on the bell; nothing where all is read."""
        if self.unread > BADGE_MAX:
            return f"{BADGE_MAX}+"
        return str(self.unread) if self.unread else None


BADGE_MAX = 99
