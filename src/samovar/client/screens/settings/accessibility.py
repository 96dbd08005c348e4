"""Accessibility: what screen readers get, and how much moves."""

import flet as ft

from samovar.client.components import texts
from samovar.client.components.panels import panel
from samovar.client.hooks import use_session, watch
from samovar.client.outside import address, leave_for
from samovar.client.screens.settings.frame import settings_screen, switch


@ft.component
def AccessibilitySettings() -> ft.Control:
    """Show both choices; this browser keeps them."""
    session = use_session()
    look = watch(session.look)
    watch(session.window)
    words = session.words

    def describe(on: bool) -> None:  # noqa: FBT001  As a switch tells it.
        async def work() -> None:
            await session.comfort.describe(on=on)
            # The engine builds what is read out when it starts, and never takes it away again.
            await leave_for(address(session, "/settings/accessibility"))

        session.later(work())

    def calm(on: bool) -> None:  # noqa: FBT001  As a switch tells it.
        session.later(session.comfort.calm(on=on))

    return settings_screen(
        session,
        "accessibility",
        panel(
            switch(
                "accessibility.described",
                words("accessibility.described"),
                words("accessibility.described_detail"),
                look.is_described,
                describe,
            ),
            switch(
                "accessibility.calm",
                words("accessibility.calm"),
                words("accessibility.calm_detail"),
                look.is_calm,
                calm,
            ),
            title=words("accessibility.title"),
        ),
        panel(
            texts.muted(words("accessibility.keys_search")),
            texts.muted(words("accessibility.keys_tab")),
            texts.muted(words("accessibility.keys_zoom")),
            title=words("accessibility.keys"),
        ),
    )
