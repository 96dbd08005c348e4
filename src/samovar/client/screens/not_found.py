"""What stands at an address that there is not."""

import flet as ft

from samovar.client.components.buttons import button
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state
from samovar.client.hooks import use_session


@ft.component
def NotFound() -> ft.Control:
    """Say that there is nothing, and lead on."""
    session = use_session()
    words = session.words
    home = button("not_found.home", words("not_found.home"), lambda: session.go("/"), kind="primary")
    return screen(
        session,
        empty_state(
            "not_found",
            ft.Icons.EXPLORE_OFF_OUTLINED,
            words("not_found.title"),
            words("not_found.detail"),
            action=home,
        ),
    )
