"""The parts of the settings, over each of them."""

from functools import partial

import flet as ft

from samovar.client.components.panels import chip
from samovar.client.session import Session
from samovar.client.theme.tokens import Space

PARTS = ("account", "privacy", "notices", "security", "language", "accessibility", "data")
_PUBLIC = frozenset({"language", "accessibility"})


def settings_tabs(session: Session, chosen: str) -> ft.Control:
    """Return the way to the other parts; strangers have the two that need no account."""
    parts = [one for one in PARTS if session.account.is_player or one in _PUBLIC]
    chips = [
        chip(
            f"settings.tab.{one}",
            session.words(f"settings.tab.{one}"),
            partial(session.go, f"/settings/{one}"),
            selected=one == chosen,
        )
        for one in parts
    ]
    return ft.Row(list(chips), wrap=True, spacing=Space.S, run_spacing=Space.S)
